package io.balsa.logging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogThrottleTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void aLineIsDueAtTheFirstEventAndThenOnceAMinute() {
    LogThrottle throttle = new LogThrottle();
    assertThat(throttle.happened(-5 * SECOND)).isEqualTo(1);
    assertThat(throttle.happened(0)).isZero();
    assertThat(throttle.happened(54 * SECOND)).isZero();
    assertThat(throttle.happened(55 * SECOND)).isEqualTo(3);
    assertThat(throttle.happened(56 * SECOND)).isZero();
    assertThat(throttle.total()).isEqualTo(5);
  }
}
