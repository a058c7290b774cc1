package io.balsa.raft;

/**
 * Why a message cannot come from a server that follows the rules: it is lying, or broken. Nothing
 * is done with the message.
 */
public enum Disbelief {
  /** More than {@link Credibility#TERM_STEP_MAX} terms beyond ours, or negative. */
  TERM("a term too far from ours"),
  /** Entries with gaps, with terms that go back, or later than their message. */
  ENTRIES("entries that no log can hold"),
  /** Where we have committed another entry. */
  CONFLICT("entries that differ from committed ones"),
  /** From a server that does not lead the term. */
  IMPOSTOR("the message of a leader that does not lead the term"),
  /** About what we never sent, or never had. */
  ANSWER("an answer to what was never asked"),
  /** Impossible by itself. */
  FIELDS("a message with impossible fields");

  private final String words;

  Disbelief(String words) {
    this.words = words;
  }

  /** What it sent, for people. */
  public String words() {
    return words;
  }
}
