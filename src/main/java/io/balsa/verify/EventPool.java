package io.balsa.verify;

import io.balsa.check.WatchEvent;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** Keeps events, equal ones once, and says when they are too many; from any thread. */
final class EventPool implements UnaryOperator<WatchEvent> {
  private final ConcurrentHashMap<WatchEvent, WatchEvent> kept = new ConcurrentHashMap<>();
  private final AtomicLong told = new AtomicLong();
  private final long most;

  /** Keeps about so many, equal ones counted. */
  EventPool(long most) {
    this.most = most;
  }

  @Override
  public WatchEvent apply(WatchEvent event) {
    told.incrementAndGet();
    WatchEvent before = kept.putIfAbsent(event, event);
    return before == null ? event : before;
  }

  boolean isFull() {
    return told.get() >= most;
  }
}
