package io.balsa.raft;

/**
 * The place of a snapshot of the state machine (thesis 5.1): it replaces all entries up to its
 * index.
 *
 * @param index the last included index
 * @param term the term of the entry there
 * @param configuration the configuration in force at that index
 */
public record Snapshot(long index, long term, Configuration configuration) {
  /** Index and term of the last included entry. */
  public LogPosition position() {
    return new LogPosition(index, term);
  }
}
