package io.balsa.sim;

import io.balsa.host.Clock;

/** A machine's clock: with a rate and an offset of its own. */
final class SimClock implements Clock {
  private static final long EPOCH_MILLIS = 1_700_000_000_000L;

  private final World world;
  private final double rate;
  private final long offsetNanos;

  /**
   * A clock.
   *
   * @param rate how many of its nanoseconds pass in a virtual one
   */
  SimClock(World world, double rate, long offsetNanos) {
    this.world = world;
    this.rate = rate;
    this.offsetNanos = offsetNanos;
  }

  @Override
  public long nanos() {
    return (long) (world.now() * rate) + offsetNanos;
  }

  @Override
  public long wallMillis() {
    return EPOCH_MILLIS + nanos() / 1_000_000;
  }

  /** How much virtual time passes while the clock counts so many nanoseconds. */
  long virtual(long nanos) {
    return (long) Math.ceil(nanos / rate);
  }
}
