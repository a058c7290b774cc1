package io.balsa.duties;

/**
 * How much history automatic compaction keeps.
 *
 * @param mode what {@code retention} counts
 * @param retention milliseconds or revisions; more than 0 unless the mode is off
 */
public record CompactionPolicy(Mode mode, long retention) {
  /** No automatic compaction: a client must compact the history. */
  public static final CompactionPolicy OFF = new CompactionPolicy(Mode.OFF, 0);

  /** What is counted. */
  public enum Mode {
    /** Nothing. */
    OFF,
    /** Time: versions that were superseded longer ago are removed. */
    PERIODIC,
    /** Revisions: the newest ones are kept. */
    REVISION
  }
}
