package io.balsa.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CommitTimesTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private final CommitTimes times = new CommitTimes();

  @Test
  void whoHasNotAppliedWhatWasCommittedTwoSecondsAgoLags() {
    for (int second = 0; second <= 10; second++) {
      times.note(second * SECOND, second * 1_000L);
    }
    assertThat(times.lags(10 * SECOND, 7_999, false)).isTrue();
    assertThat(times.lags(10 * SECOND, 8_000, false)).isFalse();
    assertThat(times.lags(10 * SECOND, 8_999, true)).isTrue();
    assertThat(times.lags(10 * SECOND, 9_000, true)).isFalse();
  }

  @Test
  void nobodyLagsBehindAnAccountThatHasJustBegun() {
    times.note(0, 1_000_000);
    assertThat(times.lags(SECOND, 1, false)).isFalse();
    times.note(5 * SECOND, 5);
    assertThat(times.lags(6 * SECOND, 1, false)).isFalse();
  }
}
