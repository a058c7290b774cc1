package io.balsa.node.leases;

import static io.balsa.node.leases.HandKeeping.lease;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.lanes.Outcome;
import io.balsa.model.Command;
import io.balsa.model.KvError;
import io.balsa.model.Result;
import io.balsa.raft.Role;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a leader ends a lease, and what it forgets when it stops leading. */
class LeaseKeeperTest {
  private final HandKeeping server = new HandKeeping();
  private final LeaseKeeper keeper = server.keeper;
  private final List<Long> told = new ArrayList<>();

  private void renew(long id) {
    server.lane.run(() -> keeper.renew(id, told::add));
    server.lane.drain();
  }

  private static Outcome refused(KvError error) {
    return new Outcome.Answered(new Result.Refused(9, error), 3);
  }

  private static Outcome failed(Outcome.Failure failure) {
    return new Outcome.Failed(failure);
  }

  /** A lease of two seconds whose time has passed, and whose end is proposed. */
  private void end() {
    server.lead(3);
    server.granted(11, 7, 2);
    server.pass(2_250);
    server.confirm(HandKeeping.CONFIRMED);
    assertThat(server.proposed).containsExactly(server.end(7, 11));
  }

  @Test
  void aFollowerKeepsNoLeases() {
    server.role(Role.FOLLOWER, 3, 2);
    server.granted(11, 7, 2);
    server.pass(10_000);

    assertThat(keeper.isLeading()).isFalse();
    assertThat(server.tables).isEmpty();
    assertThat(server.barriers).isEmpty();
    assertThat(keeper.left(7)).isEqualTo(-1);
  }

  @Test
  void kb82ALeaseEndsOnlyAfterAProofThatThisServerStillLeads() {
    server.lead(3);
    server.granted(11, 7, 2);
    server.pass(1_750);
    assertThat(server.barriers).isEmpty();
    server.pass(500);
    assertThat(server.barriers).hasSize(1);
    assertThat(server.proposed).isEmpty();

    server.confirm(HandKeeping.CONFIRMED);
    assertThat(server.proposed).containsExactly(server.end(7, 11));
  }

  @Test
  void aProofThatFailsEndsNothingAndIsTriedAgain() {
    server.lead(3);
    server.granted(11, 7, 2);
    server.pass(2_250);
    server.confirm(HandKeeping.LOST);
    assertThat(server.proposed).isEmpty();

    server.pass(250);
    server.confirm(HandKeeping.CONFIRMED);
    assertThat(server.proposed).containsExactly(server.end(7, 11));
  }

  /** The proof says that this server led in the term before. */
  @Test
  void aProofThatComesInALaterTermEndsNothing() {
    server.lead(3);
    server.granted(11, 7, 2);
    server.pass(2_250);
    server.lead(5, lease(7, 2));
    server.confirm(HandKeeping.CONFIRMED);

    assertThat(server.proposed).isEmpty();
    assertThat(server.barriers).isEmpty();
  }

  @Test
  void aProofThatBeganBeforeARestartEndsNothing() {
    server.lead(3);
    server.granted(11, 7, 2);
    server.pass(2_250);
    server.lane.run(keeper::restart);
    server.lane.drain();
    server.table(lease(7, 2));
    server.pass(3_250);
    assertThat(server.barriers).hasSize(2);

    server.confirm(HandKeeping.CONFIRMED);
    assertThat(server.proposed).isEmpty();
    server.confirm(HandKeeping.CONFIRMED);
    assertThat(server.proposed).containsExactly(server.end(7, 7));
  }

  /** The process stood still: nobody could renew. */
  @Test
  void kb82APauseIsNotCountedAgainstTheLeases() {
    server.lead(3);
    server.granted(11, 7, 2);
    server.standStill(60_000);
    assertThat(server.barriers).isEmpty();
    assertThat(keeper.left(7)).isEqualTo(1);

    server.pass(2_250);
    assertThat(server.barriers).hasSize(1);
  }

  /** Its last leader may have promised it its whole time just now. */
  @Test
  void aNewLeaderGivesEachLeaseItsWholeTimeAndTheExtension() {
    server.lead(3, lease(7, 2));
    server.pass(2_000 + HandKeeping.EXTENSION_MILLIS - 250);
    assertThat(server.barriers).isEmpty();
    server.pass(500);
    assertThat(server.barriers).hasSize(1);
  }

  @Test
  void whatIsAppliedWhileTheLeasesAreReadIsAddedWhenItIsNewer() {
    server.role(Role.LEADER, 3, HandKeeping.SELF);
    server.applied(9, new Command.LeaseRevoke(7), new Result.Done(2));
    server.granted(11, 8, 2);
    server.granted(12, 9, 2);
    server.applied(13, new Command.LeaseRevoke(9), new Result.Done(2));
    server.table(lease(7, 2));

    assertThat(keeper.ttl(7)).isEqualTo(2);
    assertThat(keeper.ttl(8)).isEqualTo(2);
    assertThat(keeper.ttl(9)).isZero();
  }

  @Test
  void leasesThatWereReadForAnEarlierTermAreNotTaken() {
    server.role(Role.LEADER, 3, HandKeeping.SELF);
    server.role(Role.FOLLOWER, 4, 2);
    server.role(Role.LEADER, 5, HandKeeping.SELF);
    server.table(lease(7, 2));
    assertThat(keeper.term()).isZero();

    server.table(lease(8, 2));
    assertThat(keeper.term()).isEqualTo(5);
    assertThat(keeper.ttl(7)).isZero();
    assertThat(keeper.ttl(8)).isEqualTo(2);
  }

  @Test
  void theSameTermAgainChangesNothing() {
    server.lead(3, lease(7, 2));
    server.role(Role.LEADER, 3, HandKeeping.SELF);

    assertThat(server.tables).isEmpty();
    assertThat(keeper.ttl(7)).isEqualTo(2);
  }

  /** A server that is stopping refuses at once, and would again and again. */
  @Test
  void leasesThatCannotBeReadAreReadAtTheNextTick() {
    server.role(Role.LEADER, 3, HandKeeping.SELF);
    server.tables.remove().failed().run();
    server.lane.drain();
    assertThat(server.tables).isEmpty();
    server.pass(250);
    assertThat(server.tables).hasSize(1);
    server.pass(250);
    assertThat(server.tables).hasSize(1);

    server.tables.remove().failed().run();
    server.role(Role.FOLLOWER, 4, 2);
    server.pass(250);
    assertThat(server.tables).isEmpty();
  }

  @Test
  void aRefusedGrantIsNoLease() {
    server.lead(3);
    server.applied(11, new Command.LeaseGrant(7, 2), new Result.Refused(9, KvError.LEASE_EXISTS));

    assertThat(keeper.ttl(7)).isZero();
  }

  @Test
  void anEndThatWasNotProposedIsProposedAgainAfterANewProof() {
    end();
    server.proposed(failed(Outcome.Failure.NO_LEADER));
    server.pass(250);
    server.confirm(HandKeeping.CONFIRMED);

    assertThat(server.proposed).containsExactly(server.end(7, 11), server.end(7, 11));
  }

  /** It may still be in the log, and then it is applied in this term. */
  @Test
  void anEndOfWhichNobodyKnowsIsNotProposedTwice() {
    end();
    server.proposed(failed(Outcome.Failure.TIMED_OUT));
    server.pass(5_000);

    assertThat(server.proposed).hasSize(1);
    assertThat(server.barriers).isEmpty();
  }

  @Test
  void anEndThatTheStoreRefusesForNowIsTriedLater() {
    end();
    server.proposed(refused(KvError.TOO_MANY_DELETIONS));
    server.pass(9_750);
    assertThat(server.barriers).isEmpty();
    server.pass(500);
    server.confirm(HandKeeping.CONFIRMED);

    assertThat(server.proposed).hasSize(2);
  }

  @Test
  void whatBecameOfAProposalOfAnEarlierTermSaysNothing() {
    end();
    server.lead(5, lease(7, 2));
    server.proposed(failed(Outcome.Failure.NO_LEADER));
    server.pass(250);

    assertThat(server.barriers).isEmpty();
  }

  @Test
  void aRenewalGivesTheWholeTimeAgain() {
    server.lead(3);
    server.granted(11, 7, 2);
    server.pass(1_500);
    renew(7);
    assertThat(told).containsExactly(2L);
    server.pass(1_750);
    assertThat(server.barriers).isEmpty();

    renew(8);
    assertThat(told).containsExactly(2L, -1L);
  }

  /** The proof has not ended: the lease lives. */
  @Test
  void aRenewalWhileItsEndIsBeingProvedKeepsTheLease() {
    server.lead(3);
    server.granted(11, 7, 2);
    server.pass(2_250);
    renew(7);
    server.confirm(HandKeeping.CONFIRMED);

    assertThat(told).containsExactly(2L);
    assertThat(server.proposed).isEmpty();
  }

  @Test
  void aRenewalAfterItsEndIsProposedWaitsForTheLog() {
    end();
    renew(7);
    renew(7);
    assertThat(told).isEmpty();

    server.applied(12, server.end(7, 11), new Result.Done(2));
    assertThat(told).containsExactly(-1L, -1L);
  }

  /** The next leader decides, and the client asks there. */
  @Test
  void aRenewalThatWaitsIsNotAnsweredByAServerThatStoppedLeading() {
    end();
    renew(7);
    server.role(Role.FOLLOWER, 4, 2);
    server.applied(12, new Command.LeaseRevoke(7), new Result.Done(2));

    assertThat(told).isEmpty();
  }

  /** The next leader would give it no more than what is written down. */
  @Test
  void aRenewalOfALeaseWhoseDeadlineIsWrittenDownWaitsUntilItIsTakenBack() {
    server.lead(3);
    server.granted(11, 7, 100);
    server.pass(61_000);
    Command.LeaseCheckpoint down = (Command.LeaseCheckpoint) server.proposed.getFirst();
    assertThat(down.deadlines().getFirst().deadline()).isPositive();
    server.applied(12, down, new Result.Done(2));
    renew(7);
    assertThat(told).isEmpty();

    Command.LeaseCheckpoint back = (Command.LeaseCheckpoint) server.proposed.getLast();
    assertThat(back.deadlines().getFirst().deadline()).isZero();
    server.applied(13, back, new Result.Done(2));
    assertThat(told).containsExactly(100L);
  }
}
