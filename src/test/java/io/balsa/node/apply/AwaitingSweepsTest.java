package io.balsa.node.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.engine.MemoryEngines;
import io.balsa.engine.MemoryMedium;
import io.balsa.host.Lane;
import io.balsa.kv.Store;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.NodeMetrics;
import io.balsa.lanes.Outcome;
import io.balsa.lanes.StillClock;
import io.balsa.model.Command;
import io.balsa.model.EntryToApply;
import io.balsa.model.Envelope;
import io.balsa.model.Range;
import io.balsa.model.Result;
import io.balsa.model.StoreLimits;
import io.balsa.node.writes.Proposals;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** When a client gets the answer to a large deletion. */
class AwaitingSweepsTest {
  private static final Bytes KEY = Bytes.utf8("k");
  private static final Bytes END = Bytes.utf8("l");
  private static final Command DELETE = new Command.DeleteRange(KEY, END, false);

  /** The keys in the store: more than one entry may delete. */
  private static final int KEYS = 5;

  private static final StoreLimits LIMITS =
      StoreLimits.DEFAULT
          .withDeletionKeys(2)
          .withSweepKeys(2)
          .withTombstonesMax(4)
          .withTxnKeys(1_000)
          .withAnswerBytes(1 << 20)
          .withChunkBytes(1 << 20)
          .withChangesBytes(1 << 20)
          .withLeases(10);

  private final Store store =
      Store.open(new MemoryEngines(new MemoryMedium()).open("store"), List.of(), LIMITS);
  private final Proposals proposals =
      new Proposals(1, 1_000, 400, NodeMetrics.NONE, new StillClock(), Runnable::run);
  private final List<Runnable> later = new ArrayList<>();
  private final List<Range> asked = new ArrayList<>();
  private final List<Consumer<Result.Range>> counts = new ArrayList<>();
  private final AwaitingSweeps awaiting =
      new AwaitingSweeps(
          proposals,
          new LateLane(),
          (range, _, counted) -> {
            asked.add(range);
            counts.add(counted);
          },
          store::tombstones);
  private final List<Outcome> told = new ArrayList<>();

  private Result apply(Command command) {
    long index = store.appliedIndex() + 1;
    Envelope envelope = Envelope.ofServer(new Envelope.RequestId(1, 1, index), command);
    return store.apply(List.of(EntryToApply.of(index, 1, envelope))).getFirst();
  }

  private Result.UnderWay delete() {
    for (int i = 0; i < KEYS; i++) {
      apply(new Command.Put(Bytes.utf8("k" + i), Bytes.utf8("v"), 0, false, false, false));
    }
    return (Result.UnderWay) apply(DELETE);
  }

  private void await(Result.UnderWay underWay, Command command) {
    proposals.add(1, Bytes.of(1), 1_000, AnswerRoom.UNBOUNDED, told::add);
    awaiting.add(underWay, Objects.requireNonNull(proposals.find(1)), command, 3);
  }

  private static Outcome deleted(Result.UnderWay underWay) {
    return new Outcome.Answered(new Result.DeleteRange(underWay.revision(), KEYS, List.of()), 3);
  }

  @Test
  void aSweepThatTakesLongIsNotWaitedFor() {
    Result.UnderWay underWay = delete();
    await(underWay, DELETE);
    assertThat(asked).isEmpty();
    later.removeFirst().run();
    assertThat(asked).containsExactly(Range.count(KEY, END, underWay.revision() - 1));
    counts.getFirst().accept((Result.Range) store.read(asked.getFirst(), store.engine().view()));
    assertThat(told).containsExactly(deleted(underWay));
    awaiting.swept(new Result.Swept(9, underWay.revision(), true, KEYS));
    assertThat(told).hasSize(1);
  }

  @Test
  void aShortSweepIsWaitedForAndNothingIsCounted() {
    Result.UnderWay underWay = delete();
    await(underWay, DELETE);
    Result.Swept swept;
    do {
      assertThat(told).isEmpty();
      swept = (Result.Swept) apply(new Command.Sweep(underWay.revision()));
      awaiting.swept(swept);
    } while (!swept.over());
    assertThat(told).containsExactly(deleted(underWay));
    later.removeFirst().run();
    assertThat(asked).isEmpty();
  }

  /** A client that uses a write's name again gets the answer to its first deletion. */
  @Test
  void whatIsCountedIsTheDeletionNotTheCommand() {
    Result.UnderWay underWay = delete();
    await(underWay, new Command.DeleteRange(Bytes.utf8("k1"), Bytes.EMPTY, false));
    later.removeFirst().run();
    assertThat(asked).containsExactly(Range.count(KEY, END, underWay.revision() - 1));
  }

  @Test
  void theEndOfALeaseHasNothingToCount() {
    Result.UnderWay underWay = new Result.UnderWay(9);
    await(underWay, new Command.LeaseRevoke(7));
    assertThat(later).isEmpty();
    assertThat(told).containsExactly(new Outcome.Answered(new Result.Done(9), 3));
  }

  /** A count and the sweep's end may both come, in any order. */
  @Test
  void aCountThatComesAfterTheSweepTellsNobodyTwice() {
    Result.UnderWay underWay = delete();
    await(underWay, DELETE);
    later.removeFirst().run();
    awaiting.swept(new Result.Swept(9, underWay.revision(), true, KEYS));
    assertThat(told).containsExactly(deleted(underWay));

    counts.getFirst().accept(new Result.Range(9, List.of(), false, KEYS));
    awaiting.swept(new Result.Swept(9, underWay.revision(), true, KEYS));
    assertThat(told).hasSize(1);
  }

  @Test
  void theSweepOfAnotherDeletionTellsNobody() {
    Result.UnderWay underWay = delete();
    await(underWay, DELETE);
    awaiting.swept(new Result.Swept(9, underWay.revision() + 1, true, KEYS));
    awaiting.swept(new Result.Swept(9, underWay.revision(), false, 2));
    assertThat(told).isEmpty();
  }

  @Test
  void whoWaitsIsNeitherOverdueNorProposedAgain() {
    await(delete(), DELETE);
    proposals.expire(Long.MAX_VALUE, 9);
    proposals.unknowable();
    assertThat(told).isEmpty();
    assertThat(proposals.nextBatch()).isNull();
  }

  @Test
  void aSnapshotInWhichTheSweepIsOverTellsTheCount() {
    Result.UnderWay underWay = delete();
    await(underWay, DELETE);
    Result.Swept swept;
    do {
      swept = (Result.Swept) apply(new Command.Sweep(underWay.revision()));
    } while (!swept.over());
    awaiting.installed(store);
    assertThat(told).containsExactly(deleted(underWay));
  }

  @Test
  void aSnapshotInWhichTheSweepGoesOnTellsNobodyYet() {
    Result.UnderWay underWay = delete();
    await(underWay, DELETE);
    awaiting.installed(store);
    assertThat(told).isEmpty();
    awaiting.swept(new Result.Swept(9, underWay.revision(), true, KEYS));
    assertThat(told).containsExactly(deleted(underWay));
    later.removeFirst().run();
    assertThat(asked).isEmpty();
  }

  /** The count is compacted away: the deletion is done, but nobody knows how much it deleted. */
  @Test
  void aSnapshotThatForgotTheDeletionLeavesTheCountUnknown() {
    await(new Result.UnderWay(99), DELETE);
    awaiting.installed(store);
    assertThat(told).containsExactly(new Outcome.Failed(Outcome.Failure.TIMED_OUT));
    later.removeFirst().run();
    assertThat(asked).isEmpty();
  }

  /** Runs tasks at once, and delayed tasks when the test says so. */
  private final class LateLane implements Lane {
    @Override
    public void run(Runnable task) {
      task.run();
    }

    @Override
    public void after(long delayNanos, Runnable task) {
      later.add(task);
    }

    @Override
    public void close() {
      later.clear();
    }
  }
}
