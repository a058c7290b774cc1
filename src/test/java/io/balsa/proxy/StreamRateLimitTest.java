package io.balsa.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StreamRateLimitTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private final StreamRateLimit rates = new StreamRateLimit();

  @Test
  void aThousandAreOpenedAtOnceThenAHundredASecond() {
    for (int i = 0; i < 1_000; i++) {
      assertThat(rates.next("a", 0)).isZero();
    }
    for (int i = 1; i <= 500; i++) {
      assertThat(rates.next("a", 0)).isEqualTo(i * SECOND / 100);
    }
    assertThat(rates.next("a", 0)).isEqualTo(StreamRateLimit.REFUSED);
    assertThat(rates.next("b", 0)).isZero();
  }

  @Test
  void whoWaitedMayGoOn() {
    for (int i = 0; i < 1_600; i++) {
      rates.next("a", 0);
    }
    assertThat(rates.next("a", SECOND)).isGreaterThan(4 * SECOND).isLessThan(5 * SECOND);
    assertThat(rates.next("a", 20 * SECOND)).isZero();
    rates.forget(40 * SECOND);
    for (int i = 0; i < 1_000; i++) {
      assertThat(rates.next("a", 40 * SECOND)).isZero();
    }
  }
}
