package io.balsa.raft;

/** A log index and the term of the entry there; index 0 and term 0 are before the first entry. */
public record LogPosition(long index, long term) {
  /** Before the first entry. */
  public static final LogPosition ZERO = new LogPosition(0, 0);

  /** Thesis 3.6.1: the later last term wins; with equal terms, the longer log. */
  public boolean isAtLeastAsUpToDateAs(LogPosition other) {
    return term != other.term ? term > other.term : index >= other.index;
  }
}
