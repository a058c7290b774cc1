package io.balsa.lanes;

import io.balsa.host.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Items that wait for a lane. Any thread puts items in, and the lane takes all of them at once.
 * When items come faster than the lane works, they form batches.
 */
public final class Inbox<T> {
  private final ConcurrentLinkedQueue<T> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final Lane lane;
  private final Consumer<List<T>> worker;

  /** Gets the items that come after the close; null while the inbox is open. */
  private volatile @Nullable Consumer<T> refuses;

  /**
   * An inbox of a lane.
   *
   * @param worker called on the lane with all that waits, in order; with nothing after {@link
   *     #wake}
   */
  public Inbox(Lane lane, Consumer<List<T>> worker) {
    this.lane = lane;
    this.worker = worker;
  }

  /** Puts an item in; from any thread. */
  public void put(T item) {
    putWithoutWaking(item);
    wake();
  }

  /** Puts an item in that can wait until the lane works for another reason; from any thread. */
  public void putWithoutWaking(T item) {
    waiting.add(item);
    refuse();
  }

  /** Has the worker called, also when nothing waits; from any thread. */
  public void wake() {
    if (scheduled.compareAndSet(false, true)) {
      lane.run(this::work);
    }
  }

  /**
   * Closes it, before its lane ends; on the lane.
   *
   * @param refused gets all that waits, and what comes later on the thread that brings it
   */
  public void close(Consumer<T> refused) {
    refuses = refused;
    refuse();
  }

  private void refuse() {
    Consumer<T> refused = refuses;
    if (refused != null) {
      takeAll().forEach(refused);
    }
  }

  private void work() {
    scheduled.set(false);
    worker.accept(takeAll());
  }

  /** Takes all that waits; on the lane. */
  public List<T> takeAll() {
    List<T> batch = new ArrayList<>();
    for (T item = waiting.poll(); item != null; item = waiting.poll()) {
      batch.add(item);
    }
    return batch;
  }
}
