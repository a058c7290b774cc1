package io.balsa.node.writes;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.NodeMetrics;
import io.balsa.lanes.Outcome;
import io.balsa.lanes.StillClock;
import io.balsa.model.Result;
import io.balsa.raft.Input;
import io.balsa.raft.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ProposalsTest {
  private static final Outcome DONE = new Outcome.Answered(new Result.Done(2), 1);

  private final StillClock clock = new StillClock();
  private final Proposals proposals =
      new Proposals(1, 100, 40, NodeMetrics.NONE, clock, Runnable::run);
  private final List<Outcome> outcomes = new ArrayList<>();

  private void add(long sequence, int bytes) {
    proposals.add(
        sequence, Bytes.wrap(new byte[bytes]), 1_000, AnswerRoom.UNBOUNDED, outcomes::add);
  }

  private Input.Propose next() {
    Input.Propose batch = proposals.nextBatch();
    assertThat(batch).isNotNull();
    return Objects.requireNonNull(batch);
  }

  @Test
  void whatWaitsLeavesInBatchesOfBoundedBytes() {
    add(1, 30);
    add(2, 10);
    add(3, 1);

    assertThat(next().commands()).hasSize(2);
    assertThat(next().commands()).hasSize(1);
    assertThat(proposals.nextBatch()).isNull();
  }

  @Test
  void aCommandLargerThanABatchTravelsAlone() {
    add(1, 90);

    assertThat(next().commands()).hasSize(1);
  }

  @Test
  void beyondTheBoundACommandIsRefusedAndTheRoomComesBack() {
    add(1, 90);
    add(2, 11);
    assertThat(outcomes).containsExactly(new Outcome.Failed(Outcome.Failure.TOO_MANY_REQUESTS));

    proposals.answer(Objects.requireNonNull(proposals.find(1)), DONE);
    add(3, 100);
    assertThat(next().commands()).hasSize(1);
  }

  @Test
  void anEntryOfALaterTermSettlesThatItNeverHappened() {
    add(1, 10);
    proposals.underWay(next().batch(), 4, true);

    assertThat(proposals.proposeAgainBefore(4)).isFalse();
    assertThat(proposals.proposeAgainBefore(5)).isTrue();
    assertThat(next().commands()).hasSize(1);
    assertThat(outcomes).isEmpty();
  }

  /** A physical compaction is applied long before it is answered. */
  @Test
  void whatIsAppliedIsNotProposedAgainWhileItsAnswerTakesLong() {
    add(1, 10);
    proposals.underWay(next().batch(), 4, true);
    proposals.answerLater(Objects.requireNonNull(proposals.find(1)));

    assertThat(proposals.proposeAgainBefore(5)).isFalse();
    assertThat(proposals.nextBatch()).isNull();
    proposals.unknowable();
    proposals.expire(Long.MAX_VALUE, 5);
    assertThat(outcomes).isEmpty();
    proposals.close();
    assertThat(outcomes).containsExactly(new Outcome.Failed(Outcome.Failure.STOPPED));
  }

  @Test
  void kb100ARefusalThatComesAfterItWasSettledDoesNotProposeTwice() {
    add(1, 10);
    long batch = next().batch();
    proposals.underWay(batch, 4, true);
    proposals.proposeAgainBefore(5);

    proposals.refused(batch, Refusal.NOT_LEADER);

    assertThat(next().commands()).hasSize(1);
    assertThat(proposals.nextBatch()).isNull();
  }

  @Test
  void aSecondRefusalOfABatchDoesNothing() {
    add(1, 10);
    long batch = next().batch();
    proposals.refused(batch, Refusal.NO_LEADER);
    proposals.refused(batch, Refusal.NO_LEADER);

    assertThat(next().commands()).hasSize(1);
    assertThat(proposals.nextBatch()).isNull();
  }

  @Test
  void aFullLogFailsTheCommandsAtOnce() {
    add(1, 10);
    proposals.refused(next().batch(), Refusal.OVERLOADED);

    assertThat(outcomes).containsExactly(new Outcome.Failed(Outcome.Failure.TOO_MANY_REQUESTS));
    assertThat(proposals.isEmpty()).isTrue();
  }

  @Test
  void whatNeverLeftSaysThatNobodyLed() {
    add(1, 10);
    proposals.expire(1_000, 0);

    assertThat(outcomes).containsExactly(new Outcome.Failed(Outcome.Failure.NO_LEADER));
  }

  /** The raft lane looks for overdue proposals. It has no time to tell clients. */
  @Test
  void whatFailsIsToldElsewhere() {
    List<Runnable> elsewhere = new ArrayList<>();
    Proposals slow = new Proposals(1, 100, 40, NodeMetrics.NONE, new StillClock(), elsewhere::add);
    slow.add(1, Bytes.of(1), 1_000, AnswerRoom.UNBOUNDED, outcomes::add);
    slow.expire(1_000, 0);
    slow.close();

    assertThat(slow.isEmpty()).isTrue();
    assertThat(outcomes).isEmpty();
    elsewhere.forEach(Runnable::run);
    assertThat(outcomes).containsExactly(new Outcome.Failed(Outcome.Failure.NO_LEADER));
  }

  @Test
  void kb105WhatIsUnderWayWhenTimeEndsMayStillHappen() {
    add(1, 10);
    add(2, 40);
    proposals.underWay(next().batch(), 4, false);
    proposals.underWay(next().batch(), 3, false);
    proposals.expire(1_000, 4);

    assertThat(outcomes)
        .containsExactlyInAnyOrder(
            new Outcome.Failed(Outcome.Failure.TIMED_OUT),
            new Outcome.Failed(Outcome.Failure.TIMED_OUT_LEADER_LOST));
  }

  @Test
  void kb60ASnapshotLeavesOpenWhatBecameOfWhatIsUnderWay() {
    add(1, 10);
    add(2, 40);
    proposals.underWay(next().batch(), 4, false);

    proposals.unknowable();

    assertThat(outcomes).containsExactly(new Outcome.Failed(Outcome.Failure.TIMED_OUT_LEADER_LOST));
    assertThat(next().commands()).hasSize(1);
  }

  @Test
  void whatIsAppliedAndAnsweredLaterIsNeitherProposedAgainNorOverdue() {
    add(1, 10);
    long batch = next().batch();
    proposals.underWay(batch, 4, true);
    Proposal held = Objects.requireNonNull(proposals.find(1));
    proposals.answerLater(held);

    assertThat(proposals.proposeAgainBefore(5)).isFalse();
    proposals.refused(batch, Refusal.NOT_LEADER);
    proposals.expire(1_000, 5);
    proposals.unknowable();
    assertThat(proposals.nextBatch()).isNull();
    assertThat(outcomes).isEmpty();

    proposals.answer(held, DONE);
    proposals.close();
    assertThat(outcomes).containsExactly(DONE);
  }

  @Test
  void whatIsAnsweredLaterFailsAtTheEnd() {
    add(1, 10);
    proposals.underWay(next().batch(), 4, false);
    proposals.answerLater(Objects.requireNonNull(proposals.find(1)));
    proposals.close();
    assertThat(outcomes).containsExactly(new Outcome.Failed(Outcome.Failure.STOPPED));
  }

  @Test
  void whatNobodyWaitsForIsNotProposed() {
    GoneRoom gone = new GoneRoom();
    proposals.add(1, Bytes.of(1), 1_000, gone, outcomes::add);
    add(2, 10);
    gone.clientLeft = true;

    assertThat(next().commands()).hasSize(1);
    assertThat(outcomes).containsExactly(new Outcome.Failed(Outcome.Failure.CANCELLED));
    assertThat(proposals.find(1)).isNull();
  }

  @Test
  void whatIsOverdueIsNotProposedThoughNobodyHasLookedSince() {
    add(1, 10);
    clock.moveTo(1_000);

    assertThat(proposals.nextBatch()).isNull();
    assertThat(outcomes).containsExactly(new Outcome.Failed(Outcome.Failure.NO_LEADER));
  }

  @Test
  void whatIsUnderWayIsLeftAloneWhenItsClientLeaves() {
    GoneRoom gone = new GoneRoom();
    proposals.add(1, Bytes.of(1), 1_000, gone, outcomes::add);
    proposals.underWay(next().batch(), 4, true);
    gone.clientLeft = true;

    assertThat(proposals.nextBatch()).isNull();
    assertThat(proposals.find(1)).isNotNull();
    assertThat(outcomes).isEmpty();
  }

  @Test
  void anAnswerThatCannotBeMadeEndsThatAnswerAlone() {
    List<Outcome> told = new ArrayList<>();
    proposals.add(
        1,
        Bytes.of(1),
        1_000,
        AnswerRoom.UNBOUNDED,
        outcome -> {
          told.add(outcome);
          throw new IllegalStateException("no buffer");
        });

    proposals.answer(Objects.requireNonNull(proposals.find(1)), DONE);

    assertThat(told).containsExactly(DONE, new Outcome.Failed(Outcome.Failure.ANSWER_FAILED));
  }

  @Test
  void whatIsOpenAtTheEndIsFailedAndSoIsWhatComesAfter() {
    Outcome stopped = new Outcome.Failed(Outcome.Failure.STOPPED);
    assertThat(proposals.add(1, Bytes.of(1), 1_000, AnswerRoom.UNBOUNDED, outcomes::add)).isTrue();
    proposals.close();
    assertThat(proposals.add(2, Bytes.of(2), 1_000, AnswerRoom.UNBOUNDED, outcomes::add)).isFalse();

    assertThat(outcomes).containsExactly(stopped, stopped);
    assertThat(proposals.isEmpty()).isTrue();
  }

  /** A refusal that was sent to an earlier start must not touch this start's batch. */
  @Test
  void batchesOfTwoStartsHaveDifferentNumbers() {
    Proposals next = new Proposals(2, 100, 40, NodeMetrics.NONE, new StillClock(), Runnable::run);
    next.add(1, Bytes.of(1), 1_000, AnswerRoom.UNBOUNDED, outcomes::add);
    add(1, 10);
    long before = next().batch();
    long after = Objects.requireNonNull(next.nextBatch()).batch();

    next.refused(before, Refusal.OVERLOADED);
    assertThat(outcomes).isEmpty();
    next.refused(after, Refusal.OVERLOADED);
    assertThat(outcomes).hasSize(1);
  }

  /** This server leads and has appended the batch: no refusal can come. */
  @Test
  void whatTheLeaderItselfTookCannotBeRefused() {
    add(1, 10);
    long batch = next().batch();
    proposals.underWay(batch, 4, false);
    proposals.refused(batch, Refusal.OVERLOADED);

    assertThat(outcomes).isEmpty();
  }

  @Test
  void anAnswerThatComesTwiceIsGivenOnce() {
    add(1, 10);
    Proposal proposal = Objects.requireNonNull(proposals.find(1));
    proposals.answer(proposal, DONE);
    proposals.answer(proposal, DONE);
    proposals.expire(1_000, 0);

    assertThat(outcomes).containsExactly(DONE);
    add(2, 100);
    assertThat(outcomes).containsExactly(DONE);
  }

  /** The room of a client that leaves when the test says so. */
  private static final class GoneRoom implements AnswerRoom {
    private boolean clientLeft;

    @Override
    public long bytesMax() {
      return Long.MAX_VALUE;
    }

    @Override
    public boolean tryTake(long bytes) {
      return true;
    }

    @Override
    public void take(long bytes, java.util.function.Consumer<Boolean> done) {
      done.accept(true);
    }

    @Override
    public boolean clientLeft() {
      return clientLeft;
    }
  }
}
