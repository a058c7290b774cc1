package io.balsa.host;

/**
 * A serial executor: it runs its tasks one after the other, in their order. On a real host it is a
 * thread; in the simulator it is a queue of events with its own busy time.
 */
public interface Lane {
  /** Runs a task after those given before it; from any thread. Dropped once the lane is closed. */
  void run(Runnable task);

  /** Gives a task to the lane after a delay; from any thread. */
  void after(long delayNanos, Runnable task);

  /**
   * Ends the lane: tasks that have not begun are dropped, and a running task is not interrupted.
   */
  void close();
}
