package io.balsa.lanes;

import io.balsa.host.Lane;

/** A lane that runs each task at once, and drops tasks once it is closed. */
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
