package io.balsa.lanes;

import io.balsa.host.Lane;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A lane whose tasks a test runs one by one. Delayed tasks wait until the test runs them. */
public final class HandLane implements Lane {
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private final Deque<Delayed> delayed = new ArrayDeque<>();
  private boolean closed;

  private record Delayed(long nanos, Runnable task) {}

  @Override
  public void run(Runnable task) {
    if (!closed) {
      tasks.add(task);
    }
  }

  @Override
  public void after(long delayNanos, Runnable task) {
    if (!closed) {
      delayed.add(new Delayed(delayNanos, task));
    }
  }

  @Override
  public void close() {
    closed = true;
    tasks.clear();
    delayed.clear();
  }

  public boolean isClosed() {
    return closed;
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

  /** The delays of the tasks that wait for their time, in nanoseconds, the oldest task first. */
  public List<Long> delays() {
    List<Long> delays = new ArrayList<>();
    delayed.forEach(each -> delays.add(each.nanos()));
    return delays;
  }

  /** Runs the oldest delayed task now. */
  public void stepDelayed() {
    delayed.remove().task().run();
  }
}
