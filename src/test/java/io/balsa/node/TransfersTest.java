package io.balsa.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.lanes.HandLane;
import io.balsa.lanes.Outcome;
import io.balsa.model.Result;
import io.balsa.raft.Configuration;
import io.balsa.raft.Effect;
import io.balsa.raft.Input;
import io.balsa.raft.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What clients hear that wait for a transfer of leadership. */
class TransfersTest {
  private static final Configuration VOTERS =
      new Configuration(List.of(1L, 2L, 3L), List.of(), List.of(4L));
  private static final Effect.RoleChanged LEADS = new Effect.RoleChanged(Role.LEADER, 5, 1);
  private static final Outcome STOPPED = failed(Outcome.Failure.STOPPED);
  private static final Outcome TIMED_OUT = failed(Outcome.Failure.TRANSFER_TIMED_OUT);

  private final HandLane answers = new HandLane();
  private final List<Outcome> outcomes = new ArrayList<>();
  private final Transfers transfers = new Transfers(1, () -> 9, answers::run);

  private static Outcome failed(Outcome.Failure failure) {
    return new Outcome.Failed(failure);
  }

  private static Outcome moved(long term) {
    return new Outcome.Answered(new Result.Done(9), term);
  }

  private static Effect.RoleChanged follows(long leader) {
    return new Effect.RoleChanged(Role.FOLLOWER, 6, leader);
  }

  private Optional<Input.TransferLeadership> ask(long target, long deadline) {
    return transfers.ask(target, LEADS, VOTERS, deadline, outcomes::add);
  }

  private List<Outcome> heard() {
    answers.drain();
    List<Outcome> heard = List.copyOf(outcomes);
    outcomes.clear();
    return heard;
  }

  @Test
  void clientsHearOnTheAnswersLane() {
    transfers.ask(2, follows(3), VOTERS, 100, outcomes::add);
    assertThat(outcomes).isEmpty();
    assertThat(heard()).containsExactly(failed(Outcome.Failure.NOT_LEADER));
  }

  @Test
  void whatCannotBeIsRefusedAtOnce() {
    assertThat(ask(9, 100)).isEmpty();
    assertThat(ask(4, 100)).as("a learner").isEmpty();
    assertThat(heard())
        .containsExactly(
            failed(Outcome.Failure.BAD_TRANSFEREE), failed(Outcome.Failure.BAD_TRANSFEREE));
    assertThat(ask(1, 100)).as("it leads already").isEmpty();
    assertThat(heard()).containsExactly(moved(5));
  }

  @Test
  void theTargetsLeadershipIsTheAnswer() {
    assertThat(ask(2, 100)).contains(new Input.TransferLeadership(2));
    transfers.roleChanged(follows(0));
    assertThat(heard()).as("nobody leads yet").isEmpty();
    transfers.roleChanged(follows(2));
    assertThat(heard()).containsExactly(moved(6));
    transfers.roleChanged(follows(2));
    transfers.failed(2);
    transfers.expire(1_000);
    assertThat(heard()).as("told once").isEmpty();
  }

  @Test
  void anotherLeaderThanTheTargetIsAFailure() {
    ask(2, 100);
    transfers.roleChanged(follows(3));
    assertThat(heard()).containsExactly(TIMED_OUT);
  }

  @Test
  void anybodyIsAnyOtherServer() {
    assertThat(ask(Transfers.ANYBODY, 100)).contains(new Input.TransferLeadership(0));
    transfers.roleChanged(follows(3));
    assertThat(heard()).containsExactly(moved(6));
    ask(Transfers.ANYBODY, 100);
    transfers.roleChanged(new Effect.RoleChanged(Role.LEADER, 7, 1));
    assertThat(heard()).as("this server leads again").containsExactly(TIMED_OUT);
  }

  @Test
  void allThatWaitHearOfOneChange() {
    ask(2, 100);
    ask(3, 100);
    transfers.roleChanged(follows(2));
    assertThat(heard()).containsExactly(moved(6), TIMED_OUT);
  }

  @Test
  void aTransferThatRaftGivesUpFails() {
    ask(2, 100);
    transfers.failed(2);
    assertThat(heard()).containsExactly(TIMED_OUT);
    transfers.failed(2);
    assertThat(heard()).isEmpty();
  }

  @Test
  void whatIsOverdueFailsAndTheRestWaits() {
    ask(2, 100);
    ask(3, 200);
    transfers.expire(99);
    assertThat(heard()).isEmpty();
    transfers.expire(100);
    assertThat(heard()).containsExactly(TIMED_OUT);
    transfers.roleChanged(follows(3));
    assertThat(heard()).containsExactly(moved(6));
  }

  @Test
  void atTheEndAllFailAndSoDoesWhatComesAfter() {
    ask(2, Long.MAX_VALUE);
    transfers.close();
    assertThat(ask(2, Long.MAX_VALUE)).isEmpty();
    transfers.close();
    assertThat(heard()).containsExactly(STOPPED, STOPPED);
  }
}
