package io.balsa.verify;

/**
 * What became of the promises to watchers.
 *
 * @param words a line, and more when a promise was broken
 * @param streams a line for each stream that was watched
 */
public record WatchVerdict(Kind kind, String words, String streams) {
  /** Whether they hold. */
  public enum Kind {
    /** All were kept. */
    HOLD,
    /** One was broken. */
    BROKEN,
    /** Nobody can say. */
    UNKNOWN
  }
}
