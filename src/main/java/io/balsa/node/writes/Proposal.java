package io.balsa.node.writes;

import io.balsa.bytes.Bytes;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.LostAnswers;
import io.balsa.lanes.Outcome;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** A command of this server's client on its way through the log. */
public final class Proposal {
  /**
   * Where a proposal is.
   *
   * @param batch the batch that holds the proposal; 0 while it waits
   * @param term the term in which the batch is under way; 0 while that is not known
   */
  record Place(long batch, long term) {
    static final Place WAITING = new Place(0, 0);

    /** Its entry is applied; only its answer is missing. */
    static final Place APPLIED = new Place(-1, 0);

    boolean isUnderWay() {
      return term != 0;
    }
  }

  private final long sequence;
  private final Bytes command;
  private final long deadlineNanos;
  private final AnswerRoom room;
  private final Consumer<Outcome> done;
  private final AtomicBoolean answered = new AtomicBoolean();
  private final AtomicReference<Place> place = new AtomicReference<>(Place.WAITING);

  /**
   * A command that waits.
   *
   * @param room for its answer. The command is never proposed when its client leaves before
   */
  Proposal(
      long sequence, Bytes command, long deadlineNanos, AnswerRoom room, Consumer<Outcome> done) {
    this.sequence = sequence;
    this.command = command;
    this.deadlineNanos = deadlineNanos;
    this.room = room;
    this.done = done;
  }

  long sequence() {
    return sequence;
  }

  Bytes command() {
    return command;
  }

  long deadlineNanos() {
    return deadlineNanos;
  }

  public AnswerRoom room() {
    return room;
  }

  Place place() {
    return Objects.requireNonNull(place.get());
  }

  /** Moves it if it is still at {@code from}: of two threads that move it, one succeeds. */
  boolean move(Place from, Place to) {
    return place.compareAndSet(from, to);
  }

  boolean isAnswered() {
    return answered.get();
  }

  /** Answers the client with a task on {@code on}; false when it was answered before. */
  boolean answer(Outcome outcome, Consumer<Runnable> on) {
    boolean first = answered.compareAndSet(false, true);
    if (first) {
      on.accept(() -> tell(outcome));
    }
    return first;
  }

  /** An answer that cannot be made or sent must not end the lane that gives it. */
  private void tell(Outcome outcome) {
    try {
      done.accept(outcome);
    } catch (RuntimeException | OutOfMemoryError e) { // thread root: the answer ends, not the lane
      LostAnswers.add(e);
      tellFailed();
    }
  }

  private void tellFailed() {
    try {
      done.accept(new Outcome.Failed(Outcome.Failure.ANSWER_FAILED));
    } catch (RuntimeException | OutOfMemoryError e) { // thread root: the call is lost
      LostAnswers.add(e);
    }
  }
}
