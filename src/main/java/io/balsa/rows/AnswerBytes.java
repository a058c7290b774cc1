package io.balsa.rows;

/**
 * The bytes that a read holds for its answer, and their bound. A read that needs more drops its
 * answer and goes on only to measure it. In the end it says how many bytes it needs.
 */
public final class AnswerBytes {
  /** How many bytes of an answer a read may hold before there is room for them. */
  public static final long FREE_BYTES = 256 << 10;

  /** The bytes of an answer beside its rows. */
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
   * Counts bytes that the read is going to hold.
   *
   * @return whether the read may hold them; otherwise they are only counted
   */
  public boolean take(long bytes) {
    counted += bytes;
    measures |= counted > allowed;
    return !measures;
  }

  /** The read dropped so many bytes. */
  public void release(long bytes) {
    counted -= bytes;
  }

  /** Replaces counted bytes by an upper bound of them. */
  public void estimate(long insteadOf, long atMost) {
    counted -= insteadOf;
    estimated += atMost;
  }

  /** From here on the read only counts. */
  public void measure() {
    measures = true;
  }

  /** Whether the read only counts. */
  public boolean measures() {
    return measures;
  }

  /** Whether the answer exceeds the bound for answers. */
  public boolean isTooLarge() {
    return counted > largest;
  }

  /** The bytes that the read holds, or would have to hold for its answer. */
  public long bytes() {
    long sum = counted + estimated;
    return sum < 0 || sum > largest ? largest : sum;
  }

  /** Begins again with another bound. */
  public void reset(long allowedNow) {
    allowed = Math.min(allowedNow, largest);
    counted = 0;
    estimated = 0;
    measures = false;
  }
}
