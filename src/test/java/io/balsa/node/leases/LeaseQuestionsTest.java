package io.balsa.node.leases;

import static io.balsa.node.leases.HandKeeping.MILLI;
import static io.balsa.node.leases.HandKeeping.lease;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.lanes.Outcome;
import io.balsa.raft.Effect;
import io.balsa.raft.Role;
import io.balsa.wire.Frame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whom a server asks about a lease, how often, and which answers it believes. */
class LeaseQuestionsTest {
  private static final long BOOT = 2;
  private static final long FIRST = (BOOT << 32) + 1;
  private static final long LEADER = 9;
  private static final long DEADLINE = 7_000 * MILLI;

  private final HandKeeping server = new HandKeeping();
  private final LeaseQuestions questions = questions(BOOT);
  private final List<LeaseQuestions.Time> told = new ArrayList<>();
  private final List<Outcome.Failure> failures = new ArrayList<>();

  private LeaseQuestions questions(long boot) {
    return new LeaseQuestions(
        server.lane, server.clock, HandKeeping.SELF, boot, server.keeper, server);
  }

  private void role(Role role, long term, long leader) {
    server.role(role, term, leader);
    questions.roleChanged(new Effect.RoleChanged(role, term, leader));
    server.lane.drain();
  }

  private void ask(long lease, boolean renew) {
    questions.ask(
        new LeaseQuestions.Question(
            lease, renew, server.clock.nanos(), DEADLINE, told::add, failures::add));
    server.lane.drain();
  }

  private void answer(long number, long left, long ttl) {
    questions.received(LEADER, new Frame.LeaseAnswer(number, left, ttl));
    server.lane.drain();
  }

  private void tickAt(long millis) {
    server.clock.moveTo(millis * MILLI);
    server.lane.run(questions::tick);
    server.lane.drain();
  }

  private static String asks(long number, boolean renew) {
    return LEADER + " " + new Frame.LeaseQuestion(number, 5, renew);
  }

  private void leadWith(long lease, long ttl) {
    role(Role.LEADER, 3, HandKeeping.SELF);
    server.table(lease(lease, ttl));
  }

  @Test
  void aFollowerAsksTheLeaderAndPassesItsAnswerOn() {
    role(Role.FOLLOWER, 3, LEADER);
    ask(5, true);
    assertThat(server.sent).containsExactly(asks(FIRST, true));

    answer(FIRST, 4, 10);
    assertThat(told).containsExactly(new LeaseQuestions.Time(4, 10));
  }

  @Test
  void anAnswerThatComesTwiceIsGivenOnce() {
    role(Role.FOLLOWER, 3, LEADER);
    ask(5, true);
    answer(FIRST, 4, 10);
    answer(FIRST, 3, 10);

    assertThat(told).containsExactly(new LeaseQuestions.Time(4, 10));
  }

  /** What was asked before a server ended is not answered to it after it began again. */
  @Test
  void aQuestionHasANumberThatNoOtherStartGave() {
    role(Role.FOLLOWER, 3, LEADER);
    ask(5, true);
    answer(((BOOT - 1) << 32) + 1, 3, 3);
    assertThat(told).isEmpty();
    answer(FIRST, 4, 4);
    assertThat(told).containsExactly(new LeaseQuestions.Time(4, 4));
  }

  @Test
  void aQuestionIsAskedAgainUntilThereIsAnAnswer() {
    role(Role.FOLLOWER, 3, LEADER);
    ask(5, true);
    tickAt(499);
    assertThat(server.sent).hasSize(1);
    tickAt(500);
    tickAt(600);
    assertThat(server.sent).containsExactly(asks(FIRST, true), asks(FIRST, true));

    answer(FIRST, 4, 10);
    tickAt(2_000);
    assertThat(server.sent).hasSize(2);
  }

  @Test
  void aNewLeaderIsAskedAtOnce() {
    ask(5, false);
    assertThat(server.sent).isEmpty();
    role(Role.FOLLOWER, 3, LEADER);
    assertThat(server.sent).containsExactly(asks(FIRST, false));
    role(Role.FOLLOWER, 4, LEADER);
    assertThat(server.sent).hasSize(2);
  }

  @Test
  void anOverdueQuestionSaysWhetherThereWasALeader() {
    ask(5, true);
    tickAt(6_999);
    assertThat(failures).isEmpty();
    tickAt(7_000);
    assertThat(failures).containsExactly(Outcome.Failure.NO_LEADER);

    role(Role.FOLLOWER, 3, LEADER);
    ask(5, true);
    tickAt(7_001);
    assertThat(failures).endsWith(Outcome.Failure.TIMED_OUT).hasSize(2);
    answer(FIRST + 1, 4, 10);
    assertThat(told).isEmpty();
  }

  /** The leader counted from the renewal, which may have been right after the question. */
  @Test
  void theTimeThatAnAnswerTookIsTakenOffARenewal() {
    role(Role.FOLLOWER, 3, LEADER);
    ask(5, true);
    server.clock.moveTo(2_500 * MILLI);
    answer(FIRST, 10, 10);

    assertThat(told).containsExactly(new LeaseQuestions.Time(8, 10));
  }

  /** Nothing of it is left that could be promised: the question is asked again. */
  @Test
  void aRenewalThatComesTooLateIsNoAnswer() {
    role(Role.FOLLOWER, 3, LEADER);
    ask(5, true);
    server.clock.moveTo(3_000 * MILLI);
    answer(FIRST, 3, 3);
    assertThat(told).isEmpty();
    tickAt(3_000);
    assertThat(server.sent).hasSize(2);
  }

  @Test
  void aLeaseThatIsGoneIsGoneHoweverLateTheAnswerComes() {
    role(Role.FOLLOWER, 3, LEADER);
    ask(5, true);
    ask(5, false);
    server.clock.moveTo(3_000 * MILLI);
    answer(FIRST, -1, 0);
    answer(FIRST + 1, 2, 10);

    assertThat(told)
        .containsExactly(new LeaseQuestions.Time(-1, 0), new LeaseQuestions.Time(2, 10));
  }

  @Test
  void kb86ALeaderAnswersOnlyAfterARoundThatConfirmsIt() {
    leadWith(5, 10);
    ask(5, true);
    ask(6, false);
    assertThat(told).isEmpty();
    server.confirm(HandKeeping.CONFIRMED);
    server.confirm(HandKeeping.CONFIRMED);

    assertThat(told)
        .containsExactly(new LeaseQuestions.Time(10, 10), new LeaseQuestions.Time(-1, 0));
    assertThat(server.sent).isEmpty();
  }

  @Test
  void questionsThatCameTogetherShareOneRound() {
    leadWith(5, 10);
    for (int i = 0; i < 3; i++) {
      questions.ask(new LeaseQuestions.Question(5, true, 0, DEADLINE, told::add, failures::add));
    }
    server.lane.drain();
    assertThat(server.barriers).hasSize(1);

    server.confirm(HandKeeping.CONFIRMED);
    assertThat(told).hasSize(3);
  }

  @Test
  void aRoundThatFailsAnswersNobodyUntilTheQuestionIsAskedAgain() {
    leadWith(5, 10);
    ask(5, true);
    server.confirm(HandKeeping.LOST);
    assertThat(told).isEmpty();

    tickAt(500);
    server.confirm(HandKeeping.CONFIRMED);
    assertThat(told).hasSize(1);
  }

  @Test
  void aRoundOfAnEarlierTermAnswersNobody() {
    leadWith(5, 10);
    ask(5, true);
    role(Role.FOLLOWER, 4, LEADER);
    server.confirm(HandKeeping.CONFIRMED);

    assertThat(told).isEmpty();
    assertThat(server.sent).containsExactly(asks(FIRST, true));
  }

  @Test
  void aPeersQuestionIsAnsweredToThatPeerWithItsNumber() {
    leadWith(5, 10);
    questions.received(4, new Frame.LeaseQuestion(77, 5, true));
    server.lane.drain();
    server.confirm(HandKeeping.CONFIRMED);

    assertThat(server.sent).containsExactly("4 " + new Frame.LeaseAnswer(77, 10, 10));
  }

  @Test
  void aServerThatDoesNotLeadLeavesAPeersQuestionUnanswered() {
    role(Role.FOLLOWER, 3, LEADER);
    questions.received(4, new Frame.LeaseQuestion(77, 5, true));
    server.lane.drain();

    assertThat(server.barriers).isEmpty();
    assertThat(server.sent).isEmpty();
  }

  /** The renewal arrived in time, though its round ends after the lease's time. */
  @Test
  void aLeaseLivesWhileItsRenewalWaitsForTheRound() {
    leadWith(5, 2);
    server.pass(2_750);
    ask(5, true);
    server.pass(1_500);
    assertThat(server.barriers).hasSize(1);
    server.confirm(HandKeeping.CONFIRMED);

    assertThat(server.proposed).isEmpty();
    assertThat(told).containsExactly(new LeaseQuestions.Time(1, 2));
  }

  @Test
  void beyondItsBoundAQuestionIsRefused() {
    for (int i = 0; i < 100_001; i++) {
      questions.ask(new LeaseQuestions.Question(5, true, 0, DEADLINE, told::add, failures::add));
    }
    server.lane.drain();

    assertThat(failures).containsExactly(Outcome.Failure.TOO_MANY_REQUESTS);
  }

  @Test
  void whatIsOpenAtTheEndIsFailedAndSoIsWhatComesAfter() {
    ask(5, true);
    questions.close();
    server.lane.drain();
    assertThat(failures).containsExactly(Outcome.Failure.STOPPED);

    server.lane.close();
    ask(5, true);
    assertThat(failures).hasSize(2).containsOnly(Outcome.Failure.STOPPED);
  }
}
