package io.balsa.node.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.lanes.StillClock;
import io.balsa.model.Result;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When applying pauses to answer those whose entries are applied. */
class ChunkLimitTest {
  private final StillClock clock = new StillClock();

  /** An answer of 64 bytes. */
  private static final Result SMALL = new Result.Done(2);

  @Test
  void itEndsWhenTheAnswersTakeItsBytes() {
    ChunkLimit chunk = new ChunkLimit(clock, 3 * SMALL.bytes());

    assertThat(chunk.test(SMALL)).isTrue();
    assertThat(chunk.test(SMALL)).isTrue();
    assertThat(chunk.test(SMALL)).isFalse();
  }

  /** An answer that nobody waits for here takes no memory. */
  @Test
  void anAnswerThatWasOnlyMeasuredCountsAsASmallOne() {
    ChunkLimit chunk = new ChunkLimit(clock, 1_000);
    Result measured = new Result.Measured(2, 1 << 20, 0, true);

    assertThat(chunk.test(measured)).isTrue();
    assertThat(chunk.test(new Result.Txn(2, true, List.of(measured)))).isTrue();
  }

  @Test
  void itEndsAfterItsTimeHoweverSmallTheAnswersAre() {
    clock.moveTo(500);
    ChunkLimit chunk = new ChunkLimit(clock, Long.MAX_VALUE);

    clock.moveTo(500 + ChunkLimit.NANOS_MAX - 1);
    assertThat(chunk.test(SMALL)).isTrue();
    clock.moveTo(500 + ChunkLimit.NANOS_MAX);
    assertThat(chunk.test(SMALL)).isFalse();
  }
}
