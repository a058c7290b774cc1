package io.balsa.node.leases;

import io.balsa.host.Clock;
import io.balsa.host.Lane;
import io.balsa.lanes.Inbox;
import io.balsa.lanes.Outcome;
import io.balsa.raft.Effect;
import io.balsa.wire.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Questions about the time of leases, which only the leader can answer. A follower sends them to
 * the leader again and again until there is an answer: to ask twice does no harm. The leader
 * answers after a round confirms that it leads. Questions that come together share a round.
 */
public final class LeaseQuestions {
  /** After this time a question is asked again: the question or its answer was lost. */
  private static final long AGAIN_NANOS = 500_000_000;

  private static final long SECOND = 1_000_000_000;

  /** So many questions may be open. Further ones fail with {@code TOO_MANY_REQUESTS}. */
  private static final int OPEN_MAX = 100_000;

  /** What the questions need of the server. */
  interface Needs {
    /**
     * Asks for a read index and answers when it is applied here (thesis 6.4). A leader that gets
     * the answer led after the call.
     */
    void barrier(Consumer<Outcome> done);

    /** Sends a frame to a peer; the frame may be lost. */
    void send(long to, Frame frame);
  }

  /**
   * The leader's answer.
   *
   * @param left the seconds left; -1 when there is no such lease
   * @param ttl the whole time in seconds; 0 when there is no such lease
   */
  record Time(long left, long ttl) {}

  /**
   * A question of a client of this server.
   *
   * @param renew whether to give the lease its whole time again
   * @param askedNanos when the client asked, by the monotonic clock
   * @param deadlineNanos when the question fails
   * @param done gets the answer, on the lane
   */
  record Question(
      long lease,
      boolean renew,
      long askedNanos,
      long deadlineNanos,
      Consumer<Time> done,
      Consumer<Outcome.Failure> failed) {}

  /** A question that this server is to answer as the leader, and the receiver of the answer. */
  private record Asked(long lease, boolean renew, Consumer<Time> reply) {}

  private final Lane lane;
  private final Clock clock;
  private final LeaseKeeper keeper;
  private final Needs server;
  private final Map<Long, Question> open = new TreeMap<>();
  private final Inbox<Question> arrived;
  private final Inbox<Asked> asked;
  private long lastNumber;
  private long leader;
  private final long self;
  private long askedAgainNanos;

  /**
   * No questions yet.
   *
   * @param boot the number of this server's start. It is part of every question's number, so that a
   *     late answer to an earlier start matches no question
   */
  LeaseQuestions(Lane lane, Clock clock, long self, long boot, LeaseKeeper keeper, Needs server) {
    this.lastNumber = boot << 32;
    this.lane = lane;
    this.clock = clock;
    this.self = self;
    this.keeper = keeper;
    this.server = server;
    this.arrived = new Inbox<>(lane, this::take);
    this.asked = new Inbox<>(lane, this::answer);
  }

  /** Takes a question in; from any thread. */
  void ask(Question question) {
    arrived.put(question);
  }

  private void take(List<Question> questions) {
    for (Question question : questions) {
      if (open.size() == OPEN_MAX) {
        question.failed().accept(Outcome.Failure.TOO_MANY_REQUESTS);
      } else {
        lastNumber++;
        open.put(lastNumber, question);
        pass(lastNumber, question);
      }
    }
  }

  private void pass(long number, Question question) {
    if (leader == self) {
      asked.put(new Asked(question.lease(), question.renew(), time -> answered(number, time)));
    } else if (leader != 0) {
      server.send(leader, new Frame.LeaseQuestion(number, question.lease(), question.renew()));
    }
  }

  /** A peer asks about a lease, or answers; from any thread. */
  void received(long from, Frame.OfLease frame) {
    switch (frame) {
      case Frame.LeaseQuestion(long number, long lease, boolean renew) ->
          asked.put(
              new Asked(
                  lease,
                  renew,
                  time ->
                      server.send(from, new Frame.LeaseAnswer(number, time.left(), time.ttl()))));
      case Frame.LeaseAnswer(long number, long left, long ttl) ->
          lane.run(() -> answered(number, new Time(left, ttl)));
    }
  }

  /** Role, term or leader changed; on the raft lane, after {@link LeaseKeeper#roleChanged}. */
  void roleChanged(Effect.RoleChanged change) {
    lane.run(
        () -> {
          leader = change.leader();
          askAgain();
        });
  }

  private void askAgain() {
    askedAgainNanos = clock.nanos();
    open.forEach(this::pass);
  }

  /** A server that does not lead leaves the questions unanswered: they are asked again. */
  private void answer(List<Asked> questions) {
    long term = keeper.term();
    if (term == 0 || questions.isEmpty()) {
      return;
    }
    for (Asked question : questions) {
      if (question.renew()) {
        keeper.touch(question.lease());
      }
    }
    server.barrier(
        outcome -> {
          if (outcome instanceof Outcome.Answered) {
            lane.run(() -> confirmed(term, questions));
          }
        });
  }

  /**
   * A round confirmed that this server led in a term. {@link LeaseKeeper#term} changes on this lane
   * alone. When it is another term by now, or none, the questions stay unanswered and are asked
   * again.
   */
  private void confirmed(long term, List<Asked> questions) {
    if (keeper.term() != term) {
      return;
    }
    for (Asked question : questions) {
      long lease = question.lease();
      if (question.renew()) {
        keeper.renew(lease, left -> question.reply().accept(new Time(left, Math.max(0, left))));
      } else {
        question.reply().accept(new Time(keeper.left(lease), keeper.ttl(lease)));
      }
    }
  }

  /**
   * Takes the time since the client asked off a renewal, so that no client hears of too much. An
   * answer that came too late is dropped; the question is asked again within half a second.
   */
  private void answered(long number, Time time) {
    Question question = open.get(number);
    if (question == null) {
      return;
    }
    long late = question.renew() ? (clock.nanos() - question.askedNanos()) / SECOND : 0;
    if (time.left() < 0 || late == 0) {
      open.remove(number);
      question.done().accept(time);
    } else if (time.left() > late) {
      open.remove(number);
      question.done().accept(new Time(time.left() - late, time.ttl()));
    }
  }

  /** Time passes; on its lane. */
  void tick() {
    if (open.isEmpty()) {
      return;
    }
    long now = clock.nanos();
    List<Long> overdue = new ArrayList<>();
    open.forEach(
        (number, question) -> {
          if (now - question.deadlineNanos() >= 0) {
            overdue.add(number);
          }
        });
    overdue.forEach(
        number ->
            fail(number, leader == 0 ? Outcome.Failure.NO_LEADER : Outcome.Failure.TIMED_OUT));
    if (now - askedAgainNanos >= AGAIN_NANOS) {
      askAgain();
    }
  }

  private void fail(long number, Outcome.Failure failure) {
    Question question = open.remove(number);
    if (question != null) {
      question.failed().accept(failure);
    }
  }

  /** Fails all questions, and all that come later; from any thread. */
  void close() {
    lane.run(
        () -> {
          List.copyOf(open.keySet()).forEach(number -> fail(number, Outcome.Failure.STOPPED));
          arrived.close(question -> question.failed().accept(Outcome.Failure.STOPPED));
        });
  }
}
