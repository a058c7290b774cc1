package io.balsa.node;

import io.balsa.host.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * What waits for a lane. Anybody puts in; the lane gets all that waits in one go, so that work that
 * comes faster than it is done forms batches by itself.
 */
final class Inbox<T> {
  private final ConcurrentLinkedQueue<T> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final Lane lane;
  private final Consumer<List<T>> worker;

  /**
   * An inbox of a lane.
   *
   * @param worker called on the lane with all that waits, in order; with nothing after {@link
   *     #wake}
   */
  Inbox(Lane lane, Consumer<List<T>> worker) {
    this.lane = lane;
    this.worker = worker;
  }

  /** Puts an item in; from any thread. */
  void put(T item) {
    waiting.add(item);
    wake();
  }

  /** Has the worker called, also when nothing waits; from any thread. */
  void wake() {
    if (scheduled.compareAndSet(false, true)) {
      lane.run(this::work);
    }
  }

  private void work() {
    scheduled.set(false);
    List<T> batch = new ArrayList<>();
    for (T item = waiting.poll(); item != null; item = waiting.poll()) {
      batch.add(item);
    }
    worker.accept(batch);
  }
}
