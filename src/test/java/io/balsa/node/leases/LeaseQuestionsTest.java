package io.balsa.node.leases;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.kv.StoreReader.LeaseTable;
import io.balsa.lanes.Outcome;
import io.balsa.lanes.PlainLane;
import io.balsa.lanes.StillClock;
import io.balsa.model.Command;
import io.balsa.raft.Effect;
import io.balsa.raft.Role;
import io.balsa.wire.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Lease questions of a server that ends, or that starts again. */
class LeaseQuestionsTest {
  private static final Outcome STOPPED = new Outcome.Failed(Outcome.Failure.STOPPED);

  private final List<Outcome.Failure> failures = new ArrayList<>();
  private final PlainLane lane = new PlainLane();

  @Test
  void questionsAboutLeases() {
    Keepers keepers = new Keepers();
    LeaseKeeper keeper = new LeaseKeeper(lane, new StillClock(), keepers, 0);
    LeaseQuestions leases = new LeaseQuestions(lane, new StillClock(), 1, 1, keeper, keepers);
    leases.ask(question());
    leases.close();
    assertThat(failures).hasSize(1);
    lane.close();
    leases.ask(question());
    assertThat(failures).hasSize(2).containsOnly(Outcome.Failure.STOPPED);
  }

  private LeaseQuestions.Question question() {
    return new LeaseQuestions.Question(5, true, 0, Long.MAX_VALUE, _ -> {}, failures::add);
  }

  /** What was asked before a server ended is not answered to it after it began again. */
  @Test
  void questionsAboutLeasesHaveNumbersThatNoOtherLifeHas() {
    Keepers before = new Keepers();
    Keepers after = new Keepers();
    askTheLeader(1, before, _ -> {});
    List<LeaseQuestions.Time> told = new ArrayList<>();
    LeaseQuestions leases = askTheLeader(2, after, told::add);
    leases.received(9, new Frame.LeaseAnswer(before.lastAsked, 3, 3));
    assertThat(told).isEmpty();
    leases.received(9, new Frame.LeaseAnswer(after.lastAsked, 4, 4));
    assertThat(told).containsExactly(new LeaseQuestions.Time(4, 4));
  }

  private LeaseQuestions askTheLeader(
      long boot, Keepers keepers, Consumer<LeaseQuestions.Time> done) {
    LeaseKeeper keeper = new LeaseKeeper(lane, new StillClock(), keepers, 0);
    LeaseQuestions leases = new LeaseQuestions(lane, new StillClock(), 1, boot, keeper, keepers);
    leases.roleChanged(new Effect.RoleChanged(Role.FOLLOWER, 3, 9));
    leases.ask(new LeaseQuestions.Question(5, true, 0, Long.MAX_VALUE, done, failures::add));
    return leases;
  }

  /** A server that is stopping refuses at once, and would again and again. */
  @Test
  void leasesThatCannotBeReadAreReadAtTheNextTick() {
    Keepers keepers = new Keepers();
    LeaseKeeper keeper = new LeaseKeeper(lane, new StillClock(), keepers, 0);
    keeper.roleChanged(new Effect.RoleChanged(Role.LEADER, 3, 1));
    assertThat(keepers.tablesAsked).isEqualTo(1);
    keeper.tick();
    assertThat(keepers.tablesAsked).isEqualTo(2);
    keeper.roleChanged(new Effect.RoleChanged(Role.FOLLOWER, 4, 2));
    keeper.tick();
    assertThat(keepers.tablesAsked).isEqualTo(2);
  }

  /** A server that can do nothing for its leases. */
  private static final class Keepers implements LeaseKeeper.Server, LeaseQuestions.Server {
    private int tablesAsked;
    private long lastAsked;

    @Override
    public void barrier(Consumer<Outcome> done) {
      done.accept(STOPPED);
    }

    @Override
    public void leaseTable(Consumer<LeaseTable> done, Runnable failed) {
      tablesAsked++;
      failed.run();
    }

    @Override
    public void propose(Command command, Consumer<Outcome> done) {
      done.accept(STOPPED);
    }

    @Override
    public void send(long to, Frame frame) {
      lastAsked = frame instanceof Frame.LeaseQuestion question ? question.number() : 0;
    }
  }
}
