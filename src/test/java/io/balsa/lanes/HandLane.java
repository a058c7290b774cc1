package io.balsa.lanes;

import io.balsa.host.Lane;
import java.util.ArrayDeque;
import java.util.Deque;

/** A lane whose tasks a test runs one by one. */
public final class HandLane implements Lane {
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
  public boolean step() {
    Runnable next = tasks.poll();
    if (next != null) {
      next.run();
    }
    return next != null;
  }

  /** Runs tasks until there are none; returns how many. */
  public int drain() {
    int run = 0;
    while (step()) {
      run++;
    }
    return run;
  }
}
