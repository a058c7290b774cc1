package io.balsa.duties;

/**
 * How much history to keep without being asked.
 *
 * @param mode what {@code retention} counts
 * @param retention milliseconds or revisions; more than 0 unless the mode is off
 */
public record CompactionPolicy(Mode mode, long retention) {
  /** History is kept until somebody compacts it. */
  public static final CompactionPolicy OFF = new CompactionPolicy(Mode.OFF, 0);

  /** What is counted. */
  public enum Mode {
    /** Nothing. */
    OFF,
    /** Time: what was superseded longer ago is forgotten. */
    PERIODIC,
    /** Revisions: the newest ones are kept. */
    REVISION
  }
}
