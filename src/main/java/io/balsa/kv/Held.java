package io.balsa.kv;

/**
 * What a read holds of its answer, against what it may hold. A read that needs more goes on
 * measuring alone: it holds nothing any more, and says in the end how much it would have held.
 */
final class Held {
  /**
   * About what a key takes beside its own bytes and its value's: objects here and in the answer.
   */
  static final long ROW_BYTES = 256;

  /** What an answer takes beside its rows. */
  static final long ANSWER_BYTES = 64;

  private final long largest;
  private long allowed;
  private long counted;
  private long estimated;
  private boolean measures;

  private Held(long allowed, long largest) {
    this.allowed = allowed;
    this.largest = largest;
  }

  /** For an answer of at most so many bytes, before there is room for it. */
  static Held upTo(long largest) {
    return upTo(largest, Reading.FREE_BYTES);
  }

  /** The same, with so many bytes held before there is room. */
  static Held upTo(long largest, long free) {
    return new Held(Math.min(free, largest), largest);
  }

  /** For an answer without a bound. */
  static Held unbounded() {
    return new Held(Long.MAX_VALUE, Long.MAX_VALUE);
  }

  /**
   * Takes room for something that is going to be held.
   *
   * @return whether it may be; otherwise it is only counted
   */
  boolean take(long bytes) {
    counted += bytes;
    measures |= counted > allowed;
    return !measures;
  }

  /** Something is not held any more. */
  void release(long bytes) {
    counted -= bytes;
  }

  /** What was counted may take other room than that, but never more than this. */
  void estimate(long insteadOf, long atMost) {
    counted -= insteadOf;
    estimated += atMost;
  }

  /** From here on it only counts. */
  void measure() {
    measures = true;
  }

  /** Whether what is read is only counted. */
  boolean measures() {
    return measures;
  }

  /** Whether the answer is larger than any may be. */
  boolean isTooLarge() {
    return counted > largest;
  }

  /** What is held, or has to be held for the answer. */
  long bytes() {
    long sum = counted + estimated;
    return sum < 0 || sum > largest ? largest : sum;
  }

  /** Begins again, with so much that may be held. */
  void again(long allowedNow) {
    allowed = Math.min(allowedNow, largest);
    counted = 0;
    estimated = 0;
    measures = false;
  }
}
