package io.balsa.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ResetRateTest {
  /** How many resets a server reads without a pause, in ten seconds. */
  private static final int FREE_AT_SERVER = 200;

  @Test
  void noTenSecondsHoldMoreResetsThanAServerReadsWithoutAPause() {
    ResetRate rate = new ResetRate();
    long step = TimeUnit.MILLISECONDS.toNanos(1);
    int[] taken = new int[30_000];
    for (int i = 0; i < taken.length; i++) {
      taken[i] = rate.take(i * step) ? 1 : 0;
    }
    for (int from = 0; from + 10_000 <= taken.length; from++) {
      int sum = 0;
      for (int i = from; i < from + 10_000; i += 1) {
        sum += taken[i];
      }
      assertThat(sum).isPositive().isLessThan(FREE_AT_SERVER);
    }
  }
}
