package io.balsa.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.kv.Command;
import io.balsa.kv.Reader.LeaseTable;
import io.balsa.raft.Configuration;
import io.balsa.raft.Effect;
import io.balsa.raft.Role;
import io.balsa.wire.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Whoever waits when a server ends is told so, and so is whoever comes after that. */
class EndTest {
  private static final Outcome STOPPED = new Outcome.Failed(Outcome.Failure.STOPPED);

  private final List<Outcome.Failure> failures = new ArrayList<>();
  private final List<Outcome> outcomes = new ArrayList<>();
  private final PlainLane lane = new PlainLane();

  private Read read(boolean scan) {
    return Read.of(scan, Long.MAX_VALUE, _ -> {}, failures::add);
  }

  private ReadLane readLane(PlainLane on) {
    return new ReadLane(
        on,
        new StillClock(),
        () -> {
          throw new AssertionError("nothing is served");
        },
        () -> 0);
  }

  @Test
  void linearizableReads() {
    Reads reads =
        new Reads(
            readLane(new PlainLane()),
            readLane(new PlainLane()),
            readLane(new PlainLane()),
            Runnable::run);
    reads.add(read(false));
    assertThat(reads.nextQuestion()).isNotNull();
    reads.add(read(true));
    reads.close();
    assertThat(failures).hasSize(2);
    reads.add(read(false));
    assertThat(failures).hasSize(3).containsOnly(Outcome.Failure.STOPPED);
    assertThat(reads.nextQuestion()).isNull();
  }

  @Test
  void readsOnAReadLane() {
    ReadLane points = readLane(lane);
    points.serve(7, read(false));
    points.close();
    assertThat(failures).hasSize(1);
    points.serve(0, read(false));
    assertThat(failures).hasSize(2).containsOnly(Outcome.Failure.STOPPED);
  }

  @Test
  void writes() {
    Proposals proposals =
        new Proposals(1, 100, 40, NodeMetrics.NONE, new StillClock(), Runnable::run);
    assertThat(proposals.add(1, Bytes.of(1), Long.MAX_VALUE, AnswerRoom.UNBOUNDED, outcomes::add))
        .isTrue();
    proposals.close();
    assertThat(proposals.add(2, Bytes.of(2), Long.MAX_VALUE, AnswerRoom.UNBOUNDED, outcomes::add))
        .isFalse();
    assertThat(outcomes).containsExactly(STOPPED, STOPPED);
    assertThat(proposals.isEmpty()).isTrue();
  }

  @Test
  void whoMovesTheLeader() {
    Transfers transfers = new Transfers(1, () -> 0, Runnable::run);
    Effect.RoleChanged leads = new Effect.RoleChanged(Role.LEADER, 1, 1);
    Configuration voters = new Configuration(List.of(1L, 2L), List.of(), List.of());
    assertThat(transfers.ask(2, leads, voters, Long.MAX_VALUE, outcomes::add)).isPresent();
    transfers.close();
    assertThat(transfers.ask(2, leads, voters, Long.MAX_VALUE, outcomes::add)).isEmpty();
    assertThat(outcomes).containsExactly(STOPPED, STOPPED);
  }

  @Test
  void questionsAboutLeases() {
    Keepers keepers = new Keepers();
    LeaseKeeper keeper = new LeaseKeeper(lane, new StillClock(), keepers, 0);
    Leases leases = new Leases(lane, new StillClock(), 1, 1, keeper, keepers);
    leases.ask(question());
    leases.close();
    assertThat(failures).hasSize(1);
    lane.close();
    leases.ask(question());
    assertThat(failures).hasSize(2).containsOnly(Outcome.Failure.STOPPED);
  }

  private Leases.Question question() {
    return new Leases.Question(5, true, 0, Long.MAX_VALUE, _ -> {}, failures::add);
  }

  /** What was asked before a server ended is not answered to it after it began again. */
  @Test
  void questionsAboutLeasesHaveNumbersThatNoOtherLifeHas() {
    Keepers before = new Keepers();
    Keepers after = new Keepers();
    askTheLeader(1, before, _ -> {});
    List<Leases.Time> told = new ArrayList<>();
    Leases leases = askTheLeader(2, after, told::add);
    leases.received(9, new Frame.LeaseAnswer(before.lastAsked, 3, 3));
    assertThat(told).isEmpty();
    leases.received(9, new Frame.LeaseAnswer(after.lastAsked, 4, 4));
    assertThat(told).containsExactly(new Leases.Time(4, 4));
  }

  private Leases askTheLeader(long boot, Keepers keepers, Consumer<Leases.Time> done) {
    LeaseKeeper keeper = new LeaseKeeper(lane, new StillClock(), keepers, 0);
    Leases leases = new Leases(lane, new StillClock(), 1, boot, keeper, keepers);
    leases.roleChanged(new Effect.RoleChanged(Role.FOLLOWER, 3, 9));
    leases.ask(new Leases.Question(5, true, 0, Long.MAX_VALUE, done, failures::add));
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
  private static final class Keepers implements LeaseKeeper.Server, Leases.Server {
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
