package io.balsa.duties;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.duties.CompactionPolicy.Mode;
import org.junit.jupiter.api.Test;

class CompactionDutyTest {
  private static final long SECOND = 1_000;
  private static final long MINUTE = 60 * SECOND;

  @Test
  void whatIsOlderThanTheTimeToKeepIsForgotten() {
    CompactionDuty duty = new CompactionDuty(new CompactionPolicy(Mode.PERIODIC, 60 * MINUTE));
    for (long minute = 0; minute < 60; minute++) {
      assertThat(duty.step(minute * MINUTE, true, 2 + minute, -1)).isZero();
    }
    assertThat(duty.step(60 * MINUTE, true, 62, -1)).isEqualTo(2);
    assertThat(duty.step(61 * MINUTE, true, 63, 2)).isZero();
    assertThat(duty.step(66 * MINUTE, true, 68, 2)).isEqualTo(8);
  }

  @Test
  void aNewLeaderKnowsWhatTheLastOneKnew() {
    CompactionDuty duty = new CompactionDuty(new CompactionPolicy(Mode.PERIODIC, 10 * SECOND));
    for (long second = 0; second < 10; second++) {
      assertThat(duty.step(second * SECOND, false, 100 + second, -1)).isZero();
    }
    assertThat(duty.step(10 * SECOND, true, 110, -1)).isEqualTo(100);
  }

  @Test
  void theNewestRevisionsAreKept() {
    CompactionDuty duty = new CompactionDuty(new CompactionPolicy(Mode.REVISION, 100));
    assertThat(duty.step(0, true, 50, -1)).isZero();
    assertThat(duty.step(20 * SECOND, true, 150, -1)).isEqualTo(50);
    assertThat(duty.step(25 * SECOND, true, 170, 50)).isZero();
    assertThat(duty.step(30 * SECOND, true, 170, 70)).isZero();
    assertThat(duty.step(40 * SECOND, true, 171, 70)).isEqualTo(71);
  }

  @Test
  void offIsOff() {
    CompactionDuty duty = new CompactionDuty(CompactionPolicy.OFF);
    assertThat(duty.step(0, true, 1_000_000, -1)).isZero();
  }
}
