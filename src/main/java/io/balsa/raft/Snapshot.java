package io.balsa.raft;

/**
 * What a snapshot of the state machine stands for (thesis 5.1): everything up to and including an
 * index.
 *
 * @param index the last included index
 * @param term the term of the entry there
 * @param configuration the configuration in force at that index
 */
public record Snapshot(long index, long term, Configuration configuration) {
  /** The last included place. */
  public LogPosition position() {
    return new LogPosition(index, term);
  }
}
