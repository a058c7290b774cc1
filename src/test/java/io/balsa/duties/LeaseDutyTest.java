package io.balsa.duties;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.duties.LeaseDuty.Renewal;
import io.balsa.model.Command;
import io.balsa.model.Lease;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaseDutyTest {
  private static final long EXTENSION = 1_000;

  private final LeaseDuty duty = new LeaseDuty(EXTENSION);

  private void lead(Lease... leases) {
    duty.lead(5, 0, List.of(leases));
  }

  private static Lease lease(long id, long ttl) {
    return new Lease(id, ttl, 10 + id, 0);
  }

  private List<Command> prove() {
    assertThat(duty.needsProof()).isTrue();
    duty.proofBegins();
    duty.proved();
    return duty.proposals();
  }

  @Test
  void aLeaseEndsNeverEarlyAndOnlyAfterAProofThatBeganLater() {
    lead();
    duty.granted(lease(1, 2));
    duty.advance(2_000);
    assertThat(duty.needsProof()).isFalse();
    duty.advance(1);
    assertThat(duty.needsProof()).isTrue();
    assertThat(duty.proposals()).isEmpty();
    assertThat(prove()).containsExactly(new Command.LeaseExpire(5, 1, 11));
  }

  @Test
  void aProofBegunBeforeTheTimePassedProvesNothing() {
    lead();
    duty.granted(lease(1, 2));
    duty.granted(lease(2, 3));
    duty.advance(2_001);
    duty.proofBegins();
    duty.advance(1_000);
    duty.proved();
    assertThat(duty.proposals()).containsExactly(new Command.LeaseExpire(5, 1, 11));
    assertThat(prove()).containsExactly(new Command.LeaseExpire(5, 2, 12));
  }

  @Test
  void kb82AFailedProofEndsNothingAndIsTriedAgain() {
    lead();
    duty.granted(lease(1, 2));
    duty.advance(5_000);
    duty.proofBegins();
    duty.notProved();
    assertThat(duty.proposals()).isEmpty();
    assertThat(prove()).hasSize(1);
  }

  @Test
  void aRenewalWinsUntilTheEndIsProposed() {
    lead();
    duty.granted(lease(1, 2));
    duty.advance(5_000);
    assertThat(duty.renew(1)).isEqualTo(Renewal.RENEWED);
    assertThat(duty.needsProof()).isFalse();
    duty.advance(2_001);
    assertThat(prove()).hasSize(1);
    assertThat(duty.renew(1)).isEqualTo(Renewal.WAIT);
    duty.gone(1);
    assertThat(duty.renew(1)).isEqualTo(Renewal.GONE);
  }

  /** KB-88. */
  @Test
  void anEndThatNeverCameIntoTheLogIsProposedAgain() {
    lead();
    duty.granted(lease(1, 2));
    duty.advance(5_000);
    Command end = prove().getFirst();
    duty.refused((Command.OfLease) end);
    assertThat(prove()).containsExactly(end);
  }

  @Test
  void aNewLeaderGivesTheWholeTimeAndItsExtension() {
    lead(lease(1, 2));
    duty.advance(2_000 + EXTENSION - 1);
    assertThat(duty.needsProof()).isFalse();
    duty.advance(1);
    assertThat(duty.needsProof()).isTrue();
  }

  /** KB-87. */
  @Test
  void theTimeLeftSurvivesThreeChangesOfLeader() {
    lead();
    duty.granted(lease(1, 3_600));
    long passed = 0;
    long clock = 0;
    Lease written = lease(1, 3_600);
    for (int change = 0; change < 3; change++) {
      for (int second = 0; second < 300; second++) {
        duty.advance(1_000);
        passed += 1_000;
        for (Command command : duty.proposals()) {
          Command.LeaseCheckpoint checkpoint = (Command.LeaseCheckpoint) command;
          clock = checkpoint.clock();
          for (Command.LeaseDeadline deadline : checkpoint.deadlines()) {
            written = new Lease(1, 3_600, 11, deadline.deadline());
          }
          duty.written(checkpoint);
        }
      }
      duty.follow();
      duty.lead(6 + change, clock, List.of(written));
    }
    long left = 3_600 - passed / 1_000;
    assertThat(duty.left(1)).isBetween(left, left + 3 * 61);
  }

  @Test
  void aWrittenDeadlineIsTakenBackBeforeARenewalIsAnswered() {
    lead();
    duty.granted(lease(1, 3_600));
    duty.advance(61_000);
    Command.LeaseCheckpoint first = (Command.LeaseCheckpoint) duty.proposals().getFirst();
    assertThat(first.deadlines()).hasSize(1);
    assertThat(duty.renew(1)).isEqualTo(Renewal.WAIT);
    assertThat(duty.proposals()).isEmpty();
    duty.written(first);
    assertThat(duty.renew(1)).isEqualTo(Renewal.WAIT);
    Command.LeaseCheckpoint back = (Command.LeaseCheckpoint) duty.proposals().getFirst();
    assertThat(back.deadlines()).containsExactly(new Command.LeaseDeadline(1, 11, 0));
    duty.written(back);
    assertThat(duty.renew(1)).isEqualTo(Renewal.RENEWED);
  }

  @Test
  void aHundredThousandIdleLeasesAreWrittenDownOnceAndThenTheClockAlone() {
    List<Lease> many = new ArrayList<>();
    for (long id = 1; id <= 100_000; id++) {
      many.add(lease(id, 1_000_000));
    }
    duty.lead(5, 0, many);
    int deadlines = 0;
    int entries = 0;
    for (int step = 0; step < 6_000; step++) {
      duty.advance(100);
      for (Command command : duty.proposals()) {
        Command.LeaseCheckpoint checkpoint = (Command.LeaseCheckpoint) command;
        deadlines += checkpoint.deadlines().size();
        entries++;
        duty.written(checkpoint);
      }
    }
    assertThat(deadlines).isEqualTo(100_000);
    assertThat(entries).isLessThan(130);
  }
}
