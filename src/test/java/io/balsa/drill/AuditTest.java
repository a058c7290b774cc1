package io.balsa.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.check.Answer;
import io.balsa.check.History;
import io.balsa.check.KeyRequest;
import io.balsa.check.Operation;
import io.balsa.drill.Load.AckedPut;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuditTest {
  private static final Bytes KEY = Bytes.utf8("k");

  private static AckedPut acked(String value, long revision, long called, long returned) {
    return new AckedPut(1, KEY, Bytes.utf8(value), revision, called, returned);
  }

  private static Effects.Put effect(String value) {
    return new Effects.Put(KEY, Bytes.utf8(value));
  }

  @Test
  void whatHappenedAsAcknowledgedIsClean() {
    Effects effects = new Effects(Map.of(2L, effect("a"), 3L, effect("b"), 4L, effect("unasked")));

    assertThat(Audit.of(List.of(acked("a", 2, 0, 5), acked("b", 3, 1, 4)), effects))
        .isEqualTo(new Audit(2, 0, 0, 0));
  }

  @Test
  void aLostWriteIsMissing() {
    Effects effects = new Effects(Map.of(2L, effect("other")));

    assertThat(Audit.of(List.of(acked("a", 2, 0, 1), acked("b", 3, 2, 3)), effects).missing())
        .isEqualTo(2);
  }

  @Test
  void aValueWrittenTwiceIsDuplicated() {
    Effects effects = new Effects(Map.of(2L, effect("a"), 3L, effect("a")));

    assertThat(Audit.of(List.of(acked("a", 2, 0, 1)), effects).duplicated()).isEqualTo(1);
  }

  @Test
  void aLaterWriteWithAnEarlierRevisionIsReordered() {
    Effects effects = new Effects(Map.of(2L, effect("b"), 3L, effect("a")));

    assertThat(Audit.of(List.of(acked("a", 3, 0, 1), acked("b", 2, 2, 3)), effects).reordered())
        .isEqualTo(1);
    assertThat(Audit.of(List.of(acked("a", 3, 0, 2), acked("b", 2, 1, 3)), effects).reordered())
        .isZero();
  }

  @Test
  void anUnansweredPutIsSettledByTheStore() {
    Operation happened = open("a");
    Operation never = open("b");
    Effects effects = new Effects(Map.of(7L, effect("a")));

    List<Operation> settled = effects.settle(new History(List.of(happened, never))).operations();

    assertThat(settled).hasSize(1);
    assertThat(settled.getFirst().answer()).isEqualTo(new Answer.Done(7));
  }

  private static Operation open(String value) {
    return new Operation(
        1, KEY, new KeyRequest.Put(Bytes.utf8(value)), new Answer.Unknown(), 5, Operation.NEVER);
  }

  @Test
  void gapsAreMeasuredFromEdgeToEdge() {
    Acks acks = new Acks();
    acks.add(10);
    acks.add(40);
    acks.add(50);

    assertThat(acks.longestGap(0, 60)).isEqualTo(30);
    assertThat(acks.longestGap(0, 200)).isEqualTo(150);
    assertThat(acks.longestGap(20, 45)).isEqualTo(20);
    assertThat(acks.counts(0, 60, 3)).containsExactly(1, 0, 2);
  }
}
