package io.balsa.verify;

import io.balsa.check.WatchEvent;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** Holds each of several equal events once, and knows when it is full. Any thread may use it. */
final class EventPool implements UnaryOperator<WatchEvent> {
  private final ConcurrentHashMap<WatchEvent, WatchEvent> kept = new ConcurrentHashMap<>();
  private final AtomicLong taken = new AtomicLong();
  private final long most;

  /**
   * An empty pool.
   *
   * @param most events; equal ones count each time, and threads may exceed this a little
   */
  EventPool(long most) {
    this.most = most;
  }

  @Override
  public WatchEvent apply(WatchEvent event) {
    taken.incrementAndGet();
    WatchEvent before = kept.putIfAbsent(event, event);
    return before == null ? event : before;
  }

  boolean isFull() {
    return taken.get() >= most;
  }
}
