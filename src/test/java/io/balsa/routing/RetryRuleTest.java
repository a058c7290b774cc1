package io.balsa.routing;

import static io.balsa.routing.RetryRule.Failure.ANSWERED;
import static io.balsa.routing.RetryRule.Failure.BROKEN;
import static io.balsa.routing.RetryRule.Failure.NOT_LEADER;
import static io.balsa.routing.RetryRule.Failure.TIMED_OUT;
import static io.balsa.routing.RetryRule.Failure.UNAVAILABLE;
import static io.balsa.routing.RetryRule.after;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.routing.RetryRule.Next;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryRuleTest {
  private static final RequestKind WRITE = new RequestKind.LeaderOnly();
  private static final List<RequestKind> READS =
      List.of(
          new RequestKind.KeyRead(Bytes.utf8("k")),
          new RequestKind.RangeRead(),
          new RequestKind.LeaderPreferred());

  @Test
  void aWriteThatMayHaveBeenSentIsNeverSentAgain() {
    assertThat(after(WRITE, UNAVAILABLE, true, 0)).isEqualTo(Next.TELL);
    assertThat(after(WRITE, ANSWERED, true, 0)).isEqualTo(Next.TELL);
  }

  @Test
  void aWriteThatNeverLeftIsSentToTheNextLeader() {
    assertThat(after(WRITE, UNAVAILABLE, false, 0)).isEqualTo(Next.NEW_LEADER);
  }

  @Test
  void whatAFollowerRefusedForNotLeadingGoesToTheLeader() {
    assertThat(after(WRITE, NOT_LEADER, true, 0)).isEqualTo(Next.NEW_LEADER);
  }

  @Test
  void aReadGoesToTheNextTarget() {
    for (RequestKind read : READS) {
      assertThat(after(read, UNAVAILABLE, true, 0)).isEqualTo(Next.NEXT_TARGET);
      assertThat(after(read, UNAVAILABLE, false, 0)).isEqualTo(Next.NEXT_TARGET);
      assertThat(after(read, ANSWERED, true, 0)).isEqualTo(Next.TELL);
    }
  }

  @Test
  void aReadThatBrokeGoesToOneServerMore() {
    for (RequestKind read : READS) {
      assertThat(after(read, BROKEN, true, 1)).isEqualTo(Next.NEXT_TARGET);
      assertThat(after(read, BROKEN, true, 2)).isEqualTo(Next.TELL);
      assertThat(after(read, TIMED_OUT, true, 0)).isEqualTo(Next.TELL);
    }
  }

  @Test
  void aWriteThatIsDoneOnceOutlivesThreeLeaders() {
    assertThat(after(WRITE, BROKEN, false, 3)).isEqualTo(Next.NEW_LEADER);
    assertThat(after(WRITE, TIMED_OUT, false, 0)).isEqualTo(Next.NEW_LEADER);
    assertThat(after(WRITE, BROKEN, false, 4)).isEqualTo(Next.TELL);
    assertThat(after(WRITE, BROKEN, true, 1)).isEqualTo(Next.TELL);
  }
}
