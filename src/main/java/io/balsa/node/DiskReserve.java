package io.balsa.node;

/**
 * How much of the data directory's disk is kept free for deletions and compactions. Both go through
 * the log and are flushed before they free any space.
 *
 * @param mark free bytes below which puts are refused; 0 for never
 */
public record DiskReserve(long mark) {
  /** The value of the flag for no reserve. */
  public static final long NONE = -1;

  private static final long MIB = 1 << 20;

  /**
   * At the mark there is room for two segments of the log (32 MiB), three write buffers of the
   * store (60 MiB) and one level of the store that is rewritten (128 MiB). The rest is for the
   * writes that come before the alarm is applied.
   */
  private static final long MARK_MAX = 256 * MIB;

  /** A small disk keeps a quarter, and no less than two segments and a write buffer. */
  private static final long MARK_MIN = 64 * MIB;

  private static final int PART = 4;

  /** An operator is warned while as much as the reserve is left above it. */
  private static final int WARN_PARTS = 2;

  /** A start makes a segment of the log and a write buffer of the store. */
  private static final long START = 40 * MIB;

  /**
   * The reserve.
   *
   * @param flag the mark as configured; 0 for a quarter of the disk within bounds, less than 0 for
   *     none
   * @param diskBytes what the disk has, free or not
   */
  public static DiskReserve of(long flag, long diskBytes) {
    if (flag != 0) {
      return new DiskReserve(Math.max(0, flag));
    }
    return new DiskReserve(Math.clamp(diskBytes / PART, MARK_MIN, MARK_MAX));
  }

  /** A server does not start with less free bytes than this: it would end again at once. */
  public long toStart() {
    return Math.min(START, mark / 2);
  }

  /** Puts that are refused are taken again from so many free bytes on. */
  long toEnd() {
    return mark + mark / PART;
  }

  /** Whether puts are to be refused. When they are refused already, a quarter more must be free. */
  boolean isLow(long freeBytes, boolean wasLow) {
    return freeBytes < (wasLow ? toEnd() : mark);
  }

  /**
   * Whether to warn that puts may soon be refused. When that was said already, a quarter more must
   * be free.
   */
  boolean isScarce(long freeBytes, boolean wasScarce) {
    return freeBytes < WARN_PARTS * (wasScarce ? toEnd() : mark);
  }

  /** Whether to look often: a fast writer gets from here to the mark in a second. */
  boolean isNear(long freeBytes) {
    return freeBytes < PART * mark;
  }
}
