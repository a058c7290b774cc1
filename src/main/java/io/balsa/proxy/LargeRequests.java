package io.balsa.proxy;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends large requests to one server, {@link #AT_ONCE} at a time, in the order in which they came.
 * A request shares the connection with all others: a small one would wait until the server has
 * taken in a piece of every large one. A turn ends with the call, or after {@link #TURN_NANOS},
 * because some calls wait for hours. The budget for requests bounds how many wait.
 *
 * <p>Any thread may call every method.
 */
final class LargeRequests {
  static final int AT_ONCE = 2;

  /** Enough for a request to reach its server. */
  static final long TURN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ConcurrentLinkedQueue<Large> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger underWay = new AtomicInteger();

  /** How often threads asked to go on. One of them does all the work, so that no call nests. */
  private final AtomicInteger asked = new AtomicInteger();

  /** A request that waits for its turn. */
  @FunctionalInterface
  interface Large {
    /** Sends the request, or not if nobody wants it any more. Its turn ends by {@link #ended}. */
    void send();
  }

  /** Sends a request when its turn has come. */
  void add(Large request) {
    waiting.add(request);
    advance();
  }

  /** Takes a request back; false if it does not wait any more. */
  boolean remove(Large request) {
    return waiting.remove(request);
  }

  /** The turn of a request has ended. Call this once for each turn. */
  void ended() {
    underWay.decrementAndGet();
    advance();
  }

  private void advance() {
    if (asked.getAndIncrement() > 0) {
      return;
    }
    int done = 1;
    try {
      while (done > 0) {
        sendSome();
        done = asked.addAndGet(-done);
      }
    } finally {
      if (done > 0) {
        asked.set(0); // the next call goes on
      }
    }
  }

  private void sendSome() {
    while (underWay.get() < AT_ONCE) {
      Large next = waiting.poll();
      if (next == null) {
        return;
      }
      underWay.incrementAndGet();
      next.send();
    }
  }
}
