package io.balsa.bytes;

/**
 * Counts what happens often and says when a line about it is due: once a minute at most, so that
 * nobody can fill a log. Any thread may use it.
 */
public final class Told {
  private static final long MINUTE_NANOS = 60_000_000_000L;

  private long total;
  private long untold;
  private long toldNanos;
  private boolean everTold;

  /**
   * It happened once more.
   *
   * @param nowNanos monotonic time
   * @return how often it happened since the last line, if a line is due now; otherwise 0
   */
  public synchronized long happened(long nowNanos) {
    total++;
    untold++;
    if (everTold && nowNanos - toldNanos < MINUTE_NANOS) {
      return 0;
    }
    long since = untold;
    everTold = true;
    toldNanos = nowNanos;
    untold = 0;
    return since;
  }

  /** How often it has happened. */
  public synchronized long total() {
    return total;
  }
}
