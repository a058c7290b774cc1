package io.balsa.node;

/**
 * How much of the data directory's disk is kept free, so that what takes space to give space back
 * goes on: deletions and compactions go through the log and are flushed before they free anything.
 *
 * @param mark free bytes below which puts are refused; 0 for never
 */
public record DiskReserve(long mark) {
  /** What a flag says that wants none. */
  public static final long NONE = -1;

  private static final long MIB = 1 << 20;

  /**
   * At the mark there is room for two segments of the log (32 MiB), three write buffers of the
   * store (60 MiB), one level of the store that is rewritten (128 MiB), and what comes before the
   * alarm is seen.
   */
  private static final long MARK_MAX = 256 * MIB;

  /** A small disk keeps a quarter, and no less than two segments and a write buffer. */
  private static final long MARK_MIN = 64 * MIB;

  private static final int PART = 4;

  /** A segment of the log and a write buffer of the store: a start makes both. */
  private static final long START = 40 * MIB;

  /**
   * The reserve.
   *
   * @param flag the mark as it was asked for; 0 for what suits the disk, less for none
   * @param diskBytes what the disk has, free or not
   */
  public static DiskReserve of(long flag, long diskBytes) {
    if (flag != 0) {
      return new DiskReserve(Math.max(0, flag));
    }
    return new DiskReserve(Math.clamp(diskBytes / PART, MARK_MIN, MARK_MAX));
  }

  /** Free bytes without which a server does not start: it would end again at once. */
  public long toStart() {
    return Math.min(START, mark / 2);
  }

  /**
   * Whether puts are to be refused, given whether they are already: a quarter more is asked for.
   */
  boolean isLow(long freeBytes, boolean wasLow) {
    return freeBytes < (wasLow ? mark + mark / PART : mark);
  }

  /** Whether it is worth looking often: a fast writer gets from here to the mark in a second. */
  boolean isNear(long freeBytes) {
    return freeBytes < PART * mark;
  }
}
