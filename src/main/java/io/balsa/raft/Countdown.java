package io.balsa.raft;

/**
 * A random wait. The random number of the first tick after a restart decides its length, so that
 * servers that restart at the same time end at different times.
 */
final class Countdown {
  private static final long UNDECIDED = -1;

  private long since;
  private int least;
  private int spread;
  private long due = UNDECIDED;

  Countdown(long now, int least, int spread) {
    restart(now, least, spread);
  }

  /** Waits from now for {@code least} to {@code least + spread - 1} ticks. */
  void restart(long now, int least, int spread) {
    since = now;
    this.least = least;
    this.spread = spread;
    due = UNDECIDED;
  }

  /** As {@link #restart}, unless the current wait would end sooner. */
  void hasten(long now, int least, int spread) {
    long soonest = due == UNDECIDED ? since + this.least : due;
    if (soonest >= now + least + spread) {
      restart(now, least, spread);
    }
  }

  /** Whether the wait is over; asked at every tick. */
  boolean elapsed(long now, int dice) {
    if (due == UNDECIDED) {
      due = since + least + dice % spread;
    }
    return now >= due;
  }
}
