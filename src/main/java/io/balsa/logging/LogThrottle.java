package io.balsa.logging;

/**
 * Counts an event that happens often, and says when a log line about it is due: at most once a
 * minute. Any thread may use it. It reads no clock, so that simulated code can use it.
 */
public final class LogThrottle {
  private static final long MINUTE_NANOS = 60_000_000_000L;

  private long total;
  private long sinceLine;
  private long lineNanos;
  private boolean hadLine;

  /**
   * Counts one event.
   *
   * @param nowNanos monotonic time
   * @return if a line is due, how often the event happened since the last line; otherwise 0
   */
  public synchronized long happened(long nowNanos) {
    total++;
    sinceLine++;
    if (hadLine && nowNanos - lineNanos < MINUTE_NANOS) {
      return 0;
    }
    long due = sinceLine;
    hadLine = true;
    lineNanos = nowNanos;
    sinceLine = 0;
    return due;
  }

  /** How often the event has happened. */
  public synchronized long total() {
    return total;
  }
}
