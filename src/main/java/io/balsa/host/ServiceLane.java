package io.balsa.host;

import java.util.function.Consumer;

/** A lane that goes on with its next task after one that failed. */
final class ServiceLane implements Lane {
  private final Lane lane;
  private final Consumer<Throwable> failed;

  /**
   * Over another lane.
   *
   * @param failed gets, on the lane, what a task threw; the other lane handles what it throws
   *     itself
   */
  ServiceLane(Lane lane, Consumer<Throwable> failed) {
    this.lane = lane;
    this.failed = failed;
  }

  @Override
  public void run(Runnable task) {
    lane.run(() -> work(task));
  }

  @Override
  public void after(long delayNanos, Runnable task) {
    lane.after(delayNanos, () -> work(task));
  }

  private void work(Runnable task) {
    try {
      task.run();
    } catch (Throwable failure) { // thread root: what one client brought about ends its task alone
      failed.accept(failure);
    }
  }

  @Override
  public void close() {
    lane.close();
  }
}
