package io.balsa.node;

import io.balsa.host.Lane;
import java.util.ArrayDeque;
import java.util.Deque;

/** A lane whose tasks a test runs one by one. */
final class HandLane implements Lane {
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private boolean closed;

  @Override
  public void run(Runnable task) {
    if (!closed) {
      tasks.add(task);
    }
  }

  @Override
  public void after(long delayNanos, Runnable task) {}

  @Override
  public void close() {
    closed = true;
    tasks.clear();
  }

  /** Runs the next task; false when there is none. */
  boolean step() {
    Runnable next = tasks.poll();
    if (next != null) {
      next.run();
    }
    return next != null;
  }

  /** Runs tasks until there are none; returns how many. */
  int drain() {
    int run = 0;
    while (step()) {
      run++;
    }
    return run;
  }
}
