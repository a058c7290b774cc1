package io.balsa.lanes;

import io.balsa.host.Clock;
import io.balsa.host.Lane;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A lane whose tasks a test runs one by one. */
public final class HandLane implements Lane {
  private record Delayed(long nanos, long dueNanos, Runnable task) {}

  private final @Nullable Clock clock;
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private final List<Delayed> delayed = new ArrayList<>();
  private boolean closed;

  /** A lane whose delayed tasks wait until the test runs them. */
  public HandLane() {
    clock = null;
  }

  /** A lane whose delayed tasks are due by a clock. */
  public HandLane(Clock clock) {
    this.clock = clock;
  }

  @Override
  public void run(Runnable task) {
    if (!closed) {
      tasks.add(task);
    }
  }

  @Override
  public void after(long delayNanos, Runnable task) {
    if (!closed) {
      long due = clock == null ? Long.MAX_VALUE : clock.nanos() + delayNanos;
      delayed.add(new Delayed(delayNanos, due, task));
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

  /** How many tasks wait that are due without a delay. */
  public int waiting() {
    return tasks.size();
  }

  /** Runs the next task; false when there is none. */
  public boolean step() {
    takeDue();
    Runnable next = tasks.poll();
    if (next != null) {
      next.run();
    }
    return next != null;
  }

  private void takeDue() {
    if (clock == null || delayed.isEmpty()) {
      return;
    }
    long now = clock.nanos();
    for (Delayed each : List.copyOf(delayed)) {
      if (now - each.dueNanos() >= 0) {
        delayed.remove(each);
        tasks.add(each.task());
      }
    }
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
    return delayed.stream().map(Delayed::nanos).toList();
  }

  /** Runs the oldest delayed task now. */
  public void stepDelayed() {
    delayed.removeFirst().task().run();
  }
}
