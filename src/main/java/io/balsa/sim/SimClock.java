package io.balsa.sim;

import io.balsa.host.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * A machine's clock, with its own rate, which may change, and with jumps. The monotonic clock never
 * goes back; the wall clock may. While the clock stands still, timers continue at its old rate.
 */
final class SimClock implements Clock {
  private static final long EPOCH_MILLIS = 1_700_000_000_000L;

  private final World world;
  private double rate;
  private boolean frozen;
  private long since;
  private long base;
  private long wallOffsetNanos;
  private final List<Jump> jumps = new ArrayList<>();

  /** A jump ahead at a time. */
  private record Jump(long at, long nanos) {}

  /**
   * A clock.
   *
   * @param rate the nanoseconds that it counts in one virtual nanosecond
   */
  SimClock(World world, double rate, long offsetNanos) {
    this.world = world;
    this.rate = rate;
    this.base = offsetNanos;
  }

  @Override
  public long nanos() {
    return frozen ? base : base + (long) ((world.now() - since) * rate);
  }

  @Override
  public long wallMillis() {
    return EPOCH_MILLIS + (nanos() + wallOffsetNanos) / 1_000_000;
  }

  /** The virtual time in which the clock counts a number of nanoseconds. */
  long virtual(long nanos) {
    return (long) Math.ceil(nanos / rate);
  }

  private void settle() {
    base = nanos();
    since = world.now();
  }

  /** Changes the rate. */
  void rate(double now) {
    settle();
    rate = now;
  }

  /** Jumps ahead. */
  void jump(long nanos) {
    settle();
    base += nanos;
    jumps.add(new Jump(world.now(), nanos));
  }

  /** The sum of the jumps between two moments, of each at most {@code countedMax}. */
  long jumped(long from, long to, long countedMax) {
    return jumps.stream()
        .filter(jump -> jump.at >= from && jump.at <= to)
        .mapToLong(jump -> Math.min(jump.nanos, countedMax))
        .sum();
  }

  /** Moves the wall clock, ahead or back. */
  void jumpWall(long nanos) {
    wallOffsetNanos += nanos;
  }

  /** Sets whether the clock stands still. */
  void frozen(boolean now) {
    settle();
    frozen = now;
  }
}
