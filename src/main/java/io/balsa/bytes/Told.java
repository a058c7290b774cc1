package io.balsa.bytes;

/**
 * Counts a frequent event and says when a log line about it is due: at most once a minute, so that
 * clients cannot fill the log. Any thread may use it.
 */
public final class Told {
  private static final long MINUTE_NANOS = 60_000_000_000L;

  private long total;
  private long untold;
  private long toldNanos;
  private boolean everTold;

  /**
   * Counts the event once more.
   *
   * @param nowNanos monotonic time
   * @return the number of events since the last line, if a line is due now; otherwise 0
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

  /** The number of events so far. */
  public synchronized long total() {
    return total;
  }
}
