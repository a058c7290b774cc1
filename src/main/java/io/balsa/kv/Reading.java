package io.balsa.kv;

import io.balsa.rows.AnswerBytes;

/**
 * A read in progress. It goes on step by step and can be interrupted between two steps. The whole
 * answer comes from one view, however often the read is interrupted.
 *
 * <p>It holds at most {@link AnswerBytes#FREE_BYTES} before there is room for its answer. If it
 * needs more, it drops its answer, measures the rest and says how much room it needs. With that
 * room it begins again. Used by one thread at a time.
 *
 * @param <T> the type of the answer
 */
public abstract class Reading<T> {
  /** The state of a reading. */
  public enum State {
    /** It has steps to take. */
    UNDER_WAY,
    /** The answer needs {@link #bytes} of room, with which the reading begins again. */
    MEASURED,
    /** The answer would exceed the bound for answers; there is none. */
    TOO_LARGE,
    /** The answer is there, and takes {@link #bytes}. */
    DONE
  }

  private final AnswerBytes held;
  private boolean dropped;
  private long steps;

  Reading(AnswerBytes held) {
    this.held = held;
  }

  /**
   * Goes on.
   *
   * @param most the most steps; each costs about as much as a look at a stored row
   */
  public final State advance(int most) {
    for (int taken = 0; taken < most; taken++) {
      steps++;
      boolean over = step();
      if (held.isTooLarge()) {
        dropAndPause();
        return State.TOO_LARGE;
      }
      if (held.measures() && !dropped) {
        dropAndMeasure();
      }
      if (over) {
        pause();
        return dropped ? State.MEASURED : State.DONE;
      }
    }
    return State.UNDER_WAY;
  }

  /** Steps taken so far, with those before it began again. */
  public final long steps() {
    return steps;
  }

  /** About how many bytes the answer takes, once it is done or measured. */
  public final long bytes() {
    return held.bytes();
  }

  /** The bytes that it holds now. */
  public final long bytesHeld() {
    return dropped ? 0 : held.bytes();
  }

  /** Drops its answer and only measures from here on; it will begin again. */
  public final void dropAndMeasure() {
    dropped = true;
    held.measure();
    dropParts();
  }

  /** Drops its answer, because there is no room for it. It has to begin again. */
  public final void dropAndPause() {
    dropParts();
    pause();
  }

  /** Begins again, with another bound on the bytes that it holds. */
  public final void beginAgain(long allowed) {
    dropped = false;
    held.reset(allowed);
    reset();
  }

  /** Releases memory and files of the store until it goes on. */
  public abstract void pause();

  /** The answer, once it is done. */
  public abstract T answer();

  final AnswerBytes held() {
    return held;
  }

  /** Takes a step; whether it was the last one. */
  abstract boolean step();

  /** Drops all parts of the answer. */
  abstract void dropParts();

  /** Goes back to the beginning. */
  abstract void reset();
}
