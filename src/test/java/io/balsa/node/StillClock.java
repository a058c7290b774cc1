package io.balsa.node;

import io.balsa.host.Clock;

/** A clock that stands still until it is moved. */
final class StillClock implements Clock {
  private long now;

  void moveTo(long nanos) {
    now = nanos;
  }

  @Override
  public long nanos() {
    return now;
  }

  @Override
  public long wallMillis() {
    return 0;
  }
}
