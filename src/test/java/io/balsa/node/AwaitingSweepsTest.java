package io.balsa.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.kv.Command;
import io.balsa.kv.Range;
import io.balsa.kv.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** When a client is told of a large deletion. */
class AwaitingSweepsTest {
  private static final Bytes KEY = Bytes.utf8("k");
  private static final Bytes END = Bytes.utf8("l");
  private static final Outcome DELETED =
      new Outcome.Answered(new Result.DeleteRange(9, 5, List.of()), 3);

  private final Proposals proposals =
      new Proposals(1, 1_000, 400, NodeMetrics.NONE, new StillClock(), Runnable::run);
  private final List<Range> asked = new ArrayList<>();
  private final List<Consumer<Result.Range>> counts = new ArrayList<>();
  private final AwaitingSweeps awaiting =
      new AwaitingSweeps(
          proposals,
          new PlainLane(),
          (range, _, counted) -> {
            asked.add(range);
            counts.add(counted);
          });
  private final List<Outcome> told = new ArrayList<>();

  private void begin(Command command) {
    proposals.add(1, Bytes.of(1), 1_000, AnswerRoom.UNBOUNDED, told::add);
    Proposal proposal = Objects.requireNonNull(proposals.applied(1));
    awaiting.add(new Result.UnderWay(9), proposal, command, 3);
  }

  @Test
  void aDeletionIsAnsweredWhenWhatWasThereIsCounted() {
    begin(new Command.DeleteRange(KEY, END, false));
    assertThat(told).isEmpty();
    assertThat(asked).containsExactly(Range.count(KEY, END, 8));
    counts.getFirst().accept(new Result.Range(12, List.of(), false, 5));
    assertThat(told).containsExactly(DELETED);
    awaiting.swept(new Result.Swept(13, 9, true, 5));
    assertThat(told).hasSize(1);
  }

  @Test
  void whatCannotBeCountedIsAnsweredWhenItIsSwept() {
    begin(new Command.DeleteRange(KEY, END, false));
    awaiting.swept(new Result.Swept(12, 9, false, 3));
    awaiting.swept(new Result.Swept(12, 8, true, 3));
    assertThat(told).isEmpty();
    awaiting.swept(new Result.Swept(13, 9, true, 5));
    assertThat(told).containsExactly(DELETED);
  }

  @Test
  void theEndOfALeaseHasNothingToCount() {
    begin(new Command.LeaseRevoke(7));
    assertThat(asked).isEmpty();
    assertThat(told).containsExactly(new Outcome.Answered(new Result.Done(9), 3));
  }
}
