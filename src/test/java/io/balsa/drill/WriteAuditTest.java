package io.balsa.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.check.Answer;
import io.balsa.check.History;
import io.balsa.check.KeyRequest;
import io.balsa.check.Operation;
import io.balsa.drill.DrillLoad.AckedPut;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WriteAuditTest {
  private static final Bytes KEY = Bytes.utf8("k");

  private static AckedPut acked(String value, long revision, long called, long returned) {
    return new AckedPut(1, KEY, Bytes.utf8(value), revision, called, returned);
  }

  private static AppliedPuts.Put written(String value) {
    return new AppliedPuts.Put(KEY, Bytes.utf8(value));
  }

  @Test
  void putsThatHappenedAsAcknowledgedAreClean() {
    AppliedPuts puts =
        new AppliedPuts(Map.of(2L, written("a"), 3L, written("b"), 4L, written("unasked")));

    assertThat(WriteAudit.of(List.of(acked("a", 2, 0, 5), acked("b", 3, 1, 4)), puts))
        .isEqualTo(new WriteAudit(2, 0, 0, 0));
  }

  @Test
  void aLostWriteIsMissing() {
    AppliedPuts puts = new AppliedPuts(Map.of(2L, written("other")));

    assertThat(WriteAudit.of(List.of(acked("a", 2, 0, 1), acked("b", 3, 2, 3)), puts).missing())
        .isEqualTo(2);
  }

  @Test
  void aValueWrittenTwiceIsDuplicated() {
    AppliedPuts puts = new AppliedPuts(Map.of(2L, written("a"), 3L, written("a")));

    assertThat(WriteAudit.of(List.of(acked("a", 2, 0, 1)), puts).duplicated()).isEqualTo(1);
  }

  @Test
  void aLaterWriteWithAnEarlierRevisionIsReordered() {
    AppliedPuts puts = new AppliedPuts(Map.of(2L, written("b"), 3L, written("a")));

    assertThat(WriteAudit.of(List.of(acked("a", 3, 0, 1), acked("b", 2, 2, 3)), puts).reordered())
        .isEqualTo(1);
    assertThat(WriteAudit.of(List.of(acked("a", 3, 0, 2), acked("b", 2, 1, 3)), puts).reordered())
        .isZero();
  }

  @Test
  void anUnansweredPutIsSettledByTheStore() {
    Operation happened = open("a");
    Operation never = open("b");
    AppliedPuts puts = new AppliedPuts(Map.of(7L, written("a")));

    List<Operation> settled = puts.settle(new History(List.of(happened, never))).operations();

    assertThat(settled).hasSize(1);
    assertThat(settled.getFirst().answer()).isEqualTo(new Answer.Done(7));
  }

  private static Operation open(String value) {
    return new Operation(
        1, KEY, new KeyRequest.Put(Bytes.utf8(value)), new Answer.Unknown(), 5, Operation.NEVER);
  }

  @Test
  void gapsAreMeasuredFromEdgeToEdge() {
    AnswerTimes acks = new AnswerTimes();
    acks.add(10);
    acks.add(40);
    acks.add(50);

    assertThat(acks.longestGap(0, 60)).isEqualTo(30);
    assertThat(acks.longestGap(0, 200)).isEqualTo(150);
    assertThat(acks.longestGap(20, 45)).isEqualTo(20);
    assertThat(acks.counts(0, 60, 3)).containsExactly(1, 0, 2);
  }
}
