package io.balsa.verify;

/**
 * Whether the guarantees of watches hold.
 *
 * @param words one line, and one more for each broken guarantee
 * @param streams a line for each stream
 */
public record WatchVerdict(Kind kind, String words, String streams) {
  /** Whether all guarantees hold. */
  public enum Kind {
    /** All hold. */
    HOLD,
    /** At least one is broken. */
    BROKEN,
    /** The run cannot decide it. */
    UNKNOWN
  }
}
