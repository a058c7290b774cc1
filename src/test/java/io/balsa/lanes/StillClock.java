package io.balsa.lanes;

import io.balsa.host.Clock;

/** A clock that a test moves, or that moves with each look at it. */
public final class StillClock implements Clock {
  private long now;
  private long step;

  public void moveTo(long nanos) {
    now = nanos;
  }

  /** Time passes. */
  public void pass(long nanos) {
    now += nanos;
  }

  /** From now on each look moves the clock by so much. */
  public void eachLookTakes(long nanos) {
    step = nanos;
  }

  @Override
  public long nanos() {
    now += step;
    return now;
  }

  @Override
  public long wallMillis() {
    return 0;
  }
}
