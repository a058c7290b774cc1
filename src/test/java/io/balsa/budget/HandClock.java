package io.balsa.budget;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/** A clock that a test moves. */
public final class HandClock implements BudgetClock {
  private record Due(long nanos, Runnable task) {}

  private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparingLong(Due::nanos));
  private long now;

  @Override
  public long nanos() {
    return now;
  }

  @Override
  public void after(long nanos, Runnable task) {
    due.add(new Due(now + nanos, task));
  }

  /** Advances the time and runs the tasks that are due. */
  public void pass(long millis) {
    long end = now + TimeUnit.MILLISECONDS.toNanos(millis);
    while (!due.isEmpty() && due.peek().nanos() <= end) {
      Due next = due.remove();
      now = Math.max(now, next.nanos());
      next.task().run();
    }
    now = end;
  }

  /** Whether no task is scheduled. */
  public boolean rests() {
    return due.isEmpty();
  }
}
