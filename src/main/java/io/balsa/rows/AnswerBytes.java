package io.balsa.rows;

/**
 * What a read holds of its answer, against what it may hold. A read that needs more goes on
 * measuring alone: it holds nothing any more, and says in the end how much it would have held.
 */
public final class AnswerBytes {
  /** Bytes of an answer that are held before there is room for it. */
  public static final long FREE_BYTES = 256 << 10;

  /** What an answer takes beside its rows. */
  public static final long ANSWER_BYTES = 64;

  private final long largest;
  private long allowed;
  private long counted;
  private long estimated;
  private boolean measures;

  private AnswerBytes(long allowed, long largest) {
    this.allowed = allowed;
    this.largest = largest;
  }

  /** For an answer of at most so many bytes, before there is room for it. */
  public static AnswerBytes upTo(long largest) {
    return upTo(largest, FREE_BYTES);
  }

  /** The same, with so many bytes held before there is room. */
  public static AnswerBytes upTo(long largest, long free) {
    return new AnswerBytes(Math.min(free, largest), largest);
  }

  /** For an answer without a bound. */
  public static AnswerBytes unbounded() {
    return new AnswerBytes(Long.MAX_VALUE, Long.MAX_VALUE);
  }

  /**
   * Takes room for something that is going to be held.
   *
   * @return whether it may be; otherwise it is only counted
   */
  public boolean take(long bytes) {
    counted += bytes;
    measures |= counted > allowed;
    return !measures;
  }

  /** Something is not held any more. */
  public void release(long bytes) {
    counted -= bytes;
  }

  /** What was counted may take other room than that, but never more than this. */
  public void estimate(long insteadOf, long atMost) {
    counted -= insteadOf;
    estimated += atMost;
  }

  /** From here on it only counts. */
  public void measure() {
    measures = true;
  }

  /** Whether what is read is only counted. */
  public boolean measures() {
    return measures;
  }

  /** Whether the answer is larger than any may be. */
  public boolean isTooLarge() {
    return counted > largest;
  }

  /** What is held, or has to be held for the answer. */
  public long bytes() {
    long sum = counted + estimated;
    return sum < 0 || sum > largest ? largest : sum;
  }

  /** Begins again, with so much that may be held. */
  public void again(long allowedNow) {
    allowed = Math.min(allowedNow, largest);
    counted = 0;
    estimated = 0;
    measures = false;
  }
}
