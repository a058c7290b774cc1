package io.balsa.sim;

import io.balsa.host.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * A machine's clock: with a rate of its own, which may change, and jumps. It never goes back, but
 * the wall clock beside it may. While it stands still, timers go on at its old rate.
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

  /** It was ahead by so much all at once. */
  private record Jump(long at, long nanos) {}

  /**
   * A clock.
   *
   * @param rate how many of its nanoseconds pass in a virtual one
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

  /** How much virtual time passes while the clock counts so many nanoseconds. */
  long virtual(long nanos) {
    return (long) Math.ceil(nanos / rate);
  }

  private void settle() {
    base = nanos();
    since = world.now();
  }

  /** Goes at another rate from now on. */
  void rate(double now) {
    settle();
    rate = now;
  }

  /** Is ahead by so much all at once. */
  void jump(long nanos) {
    settle();
    base += nanos;
    jumps.add(new Jump(world.now(), nanos));
  }

  /** By how much it jumped between two moments, no more than so much of each jump counted. */
  long jumped(long from, long to, long countedMax) {
    return jumps.stream()
        .filter(jump -> jump.at >= from && jump.at <= to)
        .mapToLong(jump -> Math.min(jump.nanos, countedMax))
        .sum();
  }

  /** The wall clock is set anew, either way. */
  void jumpWall(long nanos) {
    wallOffsetNanos += nanos;
  }

  /** Stands still, or goes on from there. */
  void frozen(boolean now) {
    settle();
    frozen = now;
  }
}
