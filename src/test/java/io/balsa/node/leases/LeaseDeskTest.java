package io.balsa.node.leases;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.Outcome;
import io.balsa.model.Caller;
import io.balsa.model.Command;
import io.balsa.model.Result;
import io.balsa.node.apply.HandApply;
import io.balsa.node.reads.ReadDesk;
import io.balsa.raft.Effect;
import io.balsa.raft.Input;
import io.balsa.raft.Role;
import io.balsa.wire.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Leases of one server, with the state and the reads that they need. */
class LeaseDeskTest {
  private static final long SELF = 1;
  private static final long TERM = 4;
  private static final long ELECTION_NANOS = 1_000_000_000;
  private static final long TIMEOUT = 7_000_000_000L;
  private static final Bytes KEY = Bytes.utf8("k");

  private final HandApply server = new HandApply();
  private final List<Command> proposed = new ArrayList<>();
  private final List<String> sent = new ArrayList<>();
  private final List<Outcome> told = new ArrayList<>();
  private final ReadDesk reads =
      new ReadDesk(server.host, server.apply, TIMEOUT, () -> TERM, () -> {}, Runnable::run);
  private final LeaseDesk desk =
      new LeaseDesk(
          server.host,
          new LeaseDesk.Settings(SELF, ELECTION_NANOS, TIMEOUT),
          2,
          server.apply,
          reads,
          new Server());

  private final class Server implements LeaseDesk.Needs {
    @Override
    public void propose(Caller caller, Command command, Consumer<Outcome> done) {
      proposed.add(command);
    }

    @Override
    public void send(long to, Frame frame) {
      sent.add(to + " " + frame);
    }

    @Override
    public long term() {
      return TERM;
    }
  }

  @BeforeEach
  void tellTheDesk() {
    server.leases = desk::applied;
    server.commit(new Command.LeaseGrant(7, 60));
    server.commit(new Command.Put(KEY, KEY, 7, false, false, false));
  }

  private void role(Role role, long term, long leader) {
    desk.roleChanged(new Effect.RoleChanged(role, term, leader));
    var _ = settle();
  }

  /** Confirms every read that asks for its index; returns how many rounds that took. */
  private int settle() {
    int rounds = 0;
    server.host.run();
    for (Input.ReadIndex asked = reads.waiting().nextRequest();
        asked != null;
        asked = reads.waiting().nextRequest()) {
      reads.waiting().ready(asked.id(), server.apply.facts().applied());
      server.host.run();
      rounds++;
    }
    return rounds;
  }

  private static Outcome time(long lease, long left, long ttl, Bytes... keys) {
    return new Outcome.Answered(new Result.LeaseTime(2, lease, left, ttl, List.of(keys)), TERM);
  }

  /** A client must have time to renew it after an election. */
  @Test
  void aLeaseLastsLongerThanAnElection() {
    desk.grant(Caller.nobody(1), 7, 1, told::add);
    desk.grant(Caller.nobody(1), 8, 100, told::add);

    assertThat(proposed)
        .containsExactly(new Command.LeaseGrant(7, 2), new Command.LeaseGrant(8, 100));
  }

  @Test
  void aClientThatNamesNoIdGetsAPositiveOne() {
    desk.grant(Caller.nobody(1), 0, 100, told::add);
    desk.grant(Caller.nobody(1), 0, 100, told::add);
    long first = ((Command.LeaseGrant) proposed.getFirst()).id();

    assertThat(first).isPositive();
    assertThat(((Command.LeaseGrant) proposed.getLast()).id()).isPositive().isNotEqualTo(first);
  }

  @Test
  void aLeaderRenewsTheLeasesOfTheStore() {
    role(Role.LEADER, TERM, SELF);
    desk.keepAlive(Caller.SERVER, 7, told::add);
    desk.keepAlive(Caller.SERVER, 8, told::add);
    var _ = settle();

    assertThat(told).containsExactly(time(7, 60, 60), time(8, -1, 0));
  }

  @Test
  void aLeaderKnowsWhatIsAppliedAfterItBegan() {
    role(Role.LEADER, TERM, SELF);
    server.commit(new Command.LeaseGrant(8, 30));
    server.commit(new Command.LeaseRevoke(7));
    var _ = settle();
    desk.keepAlive(Caller.SERVER, 8, told::add);
    desk.keepAlive(Caller.SERVER, 7, told::add);
    var _ = settle();

    assertThat(((Result.LeaseTime) ((Outcome.Answered) told.getFirst()).result()).left())
        .isEqualTo(30);
    assertThat(((Result.LeaseTime) ((Outcome.Answered) told.getLast()).result()).left())
        .isEqualTo(-1);
  }

  @Test
  void theKeysOfALeaseAreReadOnlyWhenTheyAreAskedForAndItIsThere() {
    role(Role.LEADER, TERM, SELF);
    desk.timeToLive(Caller.SERVER, 7, true, AnswerRoom.UNBOUNDED, told::add);
    assertThat(settle()).isEqualTo(2);
    desk.timeToLive(Caller.SERVER, 7, false, AnswerRoom.UNBOUNDED, told::add);
    assertThat(settle()).isEqualTo(1);
    desk.timeToLive(Caller.SERVER, 8, true, AnswerRoom.UNBOUNDED, told::add);
    assertThat(settle()).isEqualTo(1);

    assertThat(told).containsExactly(time(7, 60, 60, KEY), time(7, 60, 60), time(8, -1, 0));
  }

  @Test
  void aFollowerAsksItsLeaderAndTellsItsOwnRevision() {
    role(Role.FOLLOWER, TERM, 9);
    desk.keepAlive(Caller.SERVER, 7, told::add);
    server.host.run();
    long number = (2L << 32) + 1;
    assertThat(sent).containsExactly("9 " + new Frame.LeaseQuestion(number, 7, true));

    desk.received(9, new Frame.LeaseAnswer(number, 60, 60));
    server.host.run();
    assertThat(told).containsExactly(time(7, 60, 60));
  }

  @Test
  void aQuestionThatIsNotAnsweredInTimeFails() {
    desk.keepAlive(Caller.SERVER, 7, told::add);
    server.host.run();
    server.host.clock().moveTo(TIMEOUT);
    desk.tick();
    server.host.run();

    assertThat(told).containsExactly(new Outcome.Failed(Outcome.Failure.NO_LEADER));
  }

  /** What the task left half done is forgotten: the leases are read again. */
  @Test
  void afterATaskThatFailedTheLeasesAreReadAgain() {
    role(Role.LEADER, TERM, SELF);
    server.host.recover("duties");
    desk.keepAlive(Caller.SERVER, 7, told::add);
    server.host.run();
    assertThat(told).isEmpty();
    assertThat(reads.waiting().nextRequest()).isNotNull();
  }

  @Test
  void aClosedDeskFailsWhatIsOpen() {
    desk.keepAlive(Caller.SERVER, 7, told::add);
    server.host.run();
    desk.close();
    server.host.run();

    assertThat(told).containsExactly(new Outcome.Failed(Outcome.Failure.STOPPED));
    assertThat(server.host.laneOf("duties").isClosed()).isTrue();
  }
}
