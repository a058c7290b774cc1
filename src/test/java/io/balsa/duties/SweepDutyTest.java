package io.balsa.duties;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.model.Command;
import org.junit.jupiter.api.Test;

class SweepDutyTest {
  private final SweepDuty duty = new SweepDuty();

  @Test
  void nothingIsProposedWithoutADeletionOrALeader() {
    assertThat(duty.step(true, 0)).isEmpty();
    assertThat(duty.step(false, 7)).isEmpty();
  }

  @Test
  void twoPiecesAreUnderWayAtMost() {
    assertThat(duty.step(true, 7)).containsExactly(new Command.Sweep(7), new Command.Sweep(7));
    assertThat(duty.step(true, 7)).isEmpty();
    duty.ended();
    assertThat(duty.step(true, 9)).containsExactly(new Command.Sweep(9));
    assertThat(duty.step(true, 9)).isEmpty();
  }

  @Test
  void whatANewLeaderFindsUnderWayStillCounts() {
    assertThat(duty.step(true, 7)).hasSize(2);
    assertThat(duty.step(false, 7)).isEmpty();
    duty.ended();
    duty.ended();
    assertThat(duty.step(true, 7)).hasSize(2);
  }
}
