package io.balsa.host;

/**
 * A serial executor: what is given to it runs one after the other, in order, and never at the same
 * time as something else of the same lane. A thread in life, a queue of events with its own busy
 * time in the simulator.
 */
public interface Lane {
  /** Runs a task after those given before it; from any thread. Dropped once the lane is closed. */
  void run(Runnable task);

  /** Gives a task to the lane after a delay; from any thread. */
  void after(long delayNanos, Runnable task);

  /** Ends the lane: what has not begun is dropped, and nothing is interrupted. */
  void close();
}
