package io.balsa.lanes;

import io.balsa.host.Lane;

/** A lane that runs what it is given at once, and drops it once it is closed. */
public final class PlainLane implements Lane {
  private boolean closed;

  public boolean isClosed() {
    return closed;
  }

  @Override
  public void run(Runnable task) {
    if (!closed) {
      task.run();
    }
  }

  @Override
  public void after(long delayNanos, Runnable task) {}

  @Override
  public void close() {
    closed = true;
  }
}
