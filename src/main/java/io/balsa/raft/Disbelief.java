package io.balsa.raft;

/**
 * Why a message cannot come from a server that follows the rules: its sender is broken or
 * malicious. Raft ignores such a message.
 */
public enum Disbelief {
  /** More than {@link Credibility#TERM_STEP_MAX} terms beyond the current one, or negative. */
  TERM("a term too far from the current one"),
  /** Entries with gaps, with terms that go back, or later than their message. */
  ENTRIES("entries that no log can hold"),
  /** Entries that differ from entries committed here. */
  CONFLICT("entries that differ from committed ones"),
  /** A leader's message from a server that does not lead the term. */
  IMPOSTOR("the message of a leader that does not lead the term"),
  /** An answer about a message that this server never sent, or entries that it never had. */
  ANSWER("an answer to a message that was never sent"),
  /** Fields that contradict each other. */
  FIELDS("a message with impossible fields");

  private final String words;

  Disbelief(String words) {
    this.words = words;
  }

  /** Describes the message, for log lines. */
  public String words() {
    return words;
  }
}
