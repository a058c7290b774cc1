package io.balsa.host;

import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A lane on a platform thread of its own, which keeps the process alive until the lane is closed.
 * The queue has no bound here: the callers bound their tasks.
 */
public final class ThreadLane implements Lane {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final PriorityQueue<Delayed> delayed = new PriorityQueue<>();
  private final Consumer<Throwable> uncaught;

  private ArrayDeque<Runnable> ready = new ArrayDeque<>();
  private ArrayDeque<Runnable> running = new ArrayDeque<>();
  private boolean idle;
  private long sequence;
  private volatile boolean closed;

  /**
   * Starts the thread.
   *
   * @param name the thread's name
   * @param uncaught gets, on the lane's thread, what a task threw; after that the lane is closed,
   *     because the state after the task is unknown
   */
  public ThreadLane(String name, Consumer<Throwable> uncaught) {
    this.uncaught = uncaught;
    Thread.ofPlatform().name(name).daemon(false).start(this::loop);
  }

  @Override
  public void run(Runnable task) {
    lock.lock();
    try {
      if (!closed) {
        ready.add(task);
        wake();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void after(long delayNanos, Runnable task) {
    lock.lock();
    try {
      if (!closed) {
        delayed.add(new Delayed(System.nanoTime() + delayNanos, sequence++, task));
        wake();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      ready.clear();
      delayed.clear();
      wake();
    } finally {
      lock.unlock();
    }
  }

  /** A signal is expensive; a busy thread looks at the queue again by itself. */
  private void wake() {
    if (idle) {
      idle = false;
      changed.signal();
    }
  }

  private void loop() {
    try {
      while (takeReady()) {
        Runnable task;
        while (!closed && (task = running.poll()) != null) {
          task.run();
        }
      }
    } catch (Throwable failure) { // thread root: the host decides
      close();
      uncaught.accept(failure);
    }
  }

  /** Waits for tasks and takes all there are; false when the lane is closed. */
  private boolean takeReady() throws InterruptedException {
    lock.lock();
    try {
      moveDue();
      while (!closed && ready.isEmpty()) {
        idle = true;
        long _ = changed.awaitNanos(nanosToNext());
        idle = false;
        moveDue();
      }
      ArrayDeque<Runnable> taken = ready;
      ready = running;
      running = taken;
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private void moveDue() {
    long now = System.nanoTime();
    for (Delayed next = delayed.peek(); next != null && next.due - now <= 0; ) {
      ready.add(next.task);
      delayed.poll();
      next = delayed.peek();
    }
  }

  private long nanosToNext() {
    Delayed next = delayed.peek();
    return next == null ? Long.MAX_VALUE : next.due - System.nanoTime();
  }

  private record Delayed(long due, long sequence, Runnable task) implements Comparable<Delayed> {
    @Override
    public int compareTo(Delayed other) {
      long apart = due - other.due;
      return apart != 0 ? Long.signum(apart) : Long.compare(sequence, other.sequence);
    }
  }
}
