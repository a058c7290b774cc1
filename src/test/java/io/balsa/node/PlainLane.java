package io.balsa.node;

import io.balsa.host.Lane;

/** A lane that runs what it is given at once, and drops it once it is closed. */
final class PlainLane implements Lane {
  private boolean closed;

  boolean isClosed() {
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
