package io.balsa.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ToldTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void theFirstTimeIsToldAndThenOnceAMinute() {
    Told told = new Told();
    assertThat(told.happened(-5 * SECOND)).isEqualTo(1);
    assertThat(told.happened(0)).isZero();
    assertThat(told.happened(54 * SECOND)).isZero();
    assertThat(told.happened(55 * SECOND)).isEqualTo(3);
    assertThat(told.happened(56 * SECOND)).isZero();
    assertThat(told.total()).isEqualTo(5);
  }
}
