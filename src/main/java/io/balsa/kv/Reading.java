package io.balsa.kv;

import io.balsa.rows.AnswerBytes;

/**
 * A read on its way to its answer. It goes on step by step and can be interrupted between two
 * steps: all of it is answered from one view, however often it was.
 *
 * <p>It holds at most {@link AnswerBytes#FREE_BYTES} before there is room for its answer. When it
 * finds more it drops what it has, measures the rest, and says how much room it needs; with that it
 * begins again. Used by one thread at a time.
 *
 * @param <T> what it is answered
 */
public abstract class Reading<T> {
  /** How far a reading is. */
  public enum State {
    /** It has steps to take. */
    UNDER_WAY,
    /** The answer needs {@link #bytes} of room. The reading begins again with them. */
    MEASURED,
    /** The answer is larger than any may be; there is none. */
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
        give();
        return State.TOO_LARGE;
      }
      if (held.measures() && !dropped) {
        measure();
      }
      if (over) {
        pause();
        return dropped ? State.MEASURED : State.DONE;
      }
    }
    return State.UNDER_WAY;
  }

  /** Steps taken so far, those before it began again too. */
  public final long steps() {
    return steps;
  }

  /** Bytes that the answer takes, about, when it is done or measured. */
  public final long bytes() {
    return held.bytes();
  }

  /** Bytes that it holds now. */
  public final long bytesHeld() {
    return dropped ? 0 : held.bytes();
  }

  /** Gives up what it holds, and only measures from here on; it will begin again. */
  public final void measure() {
    dropped = true;
    held.measure();
    drop();
  }

  /** Gives up what it holds: there is no room for it. It has to begin again. */
  public final void give() {
    drop();
    pause();
  }

  /** Begins again, with so many bytes that it may hold. */
  public final void again(long allowed) {
    dropped = false;
    held.again(allowed);
    restart();
  }

  /** Gives up what it holds of the store's memory and files until it goes on. */
  public abstract void pause();

  /** The answer, once it is done. */
  public abstract T answer();

  final AnswerBytes held() {
    return held;
  }

  /** Takes a step; whether it was the last one. */
  abstract boolean step();

  /** Lets go of all that is held of the answer. */
  abstract void drop();

  /** Goes back to the beginning. */
  abstract void restart();
}
