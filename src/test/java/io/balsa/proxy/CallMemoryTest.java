package io.balsa.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.budget.AnswerBudget;
import io.balsa.budget.Share;
import io.grpc.Context;
import org.junit.jupiter.api.Test;

class CallMemoryTest {
  private static final int KIB = 1 << 10;

  private final AnswerBudget budget = new AnswerBudget(1024 * KIB, 512 * KIB);

  private CallMemory room() throws Exception {
    return Context.ROOT
        .withValue(Share.CURRENT, budget.share())
        .call(() -> new CallMemory(new UnaryRequestBudget(KIB)));
  }

  /** Takes the whole budget. */
  private Share[] fill() {
    Share[] others = new Share[5];
    for (int i = 0; i < others.length; i++) {
      others[i] = budget.share();
      assertThat(others[i].tryTake((i == 0 ? 768L : 64L) * KIB)).isTrue();
    }
    return others;
  }

  @Test
  void aLittleAnswerNeedsNoRoom() throws Exception {
    var _ = fill();
    CallMemory room = room();

    assertThat(room.arrived(1_000)).isTrue();
    assertThat(room.arrived(24)).isTrue();
    assertThat(room.arrived(4 * KIB)).isFalse();
  }

  @Test
  void whatIsMoreIsCountedWhole() throws Exception {
    CallMemory room = room();
    assertThat(room.arrived(KIB)).isTrue();
    assertThat(budget.bytesHeld()).isEqualTo(KIB);
    assertThat(room.arrived(KIB)).isTrue();
    assertThat(budget.bytesHeld()).isEqualTo(2 * KIB);
    assertThat(room.arrived(9 * KIB)).isTrue();
    assertThat(budget.bytesHeld()).isEqualTo(11 * KIB);
    room.drop();
    assertThat(budget.bytesHeld()).isZero();
  }

  @Test
  void whatIsReservedIsForTheLargest() throws Exception {
    CallMemory room = room();
    room.reserve(taken -> assertThat(taken).isTrue());
    assertThat(budget.bytesHeld()).isEqualTo(512 * KIB);
    assertThat(room.arrived(100 * KIB)).isTrue();
    assertThat(budget.bytesHeld()).isEqualTo(512 * KIB);
    room.whole();
    assertThat(budget.bytesHeld()).isEqualTo(100 * KIB);
  }
}
