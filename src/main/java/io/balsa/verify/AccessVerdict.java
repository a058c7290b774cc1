package io.balsa.verify;

/**
 * Whether every user got what it may have, and nothing else.
 *
 * @param words one line, and one more for each wrong answer
 */
public record AccessVerdict(Kind kind, String words) {
  /** Whether all answers are right. */
  public enum Kind {
    /** All are. */
    HOLD,
    /** At least one is wrong. */
    BROKEN,
    /** The run cannot decide it. */
    UNKNOWN
  }

  /** The words as a line that follows another; empty when there are none. */
  String line() {
    return words.isEmpty() ? "" : "\nusers: " + words;
  }

  /** The verdict on a run without users. */
  static final AccessVerdict WITHOUT_USERS = new AccessVerdict(Kind.HOLD, "");
}
