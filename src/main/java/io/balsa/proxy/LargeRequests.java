package io.balsa.proxy;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends large requests to the servers {@link #AT_ONCE} at a time, in the order in which they came.
 * A request shares a connection with all others: a small one would wait until its server has taken
 * in a piece of every large one. The budget for requests bounds how many wait.
 *
 * <p>Any thread may call every method.
 */
final class LargeRequests {
  /** One is on its way while the server performs another. */
  static final int AT_ONCE = 2;

  /** A request of more bytes is large; the servers use the same number. */
  static final int LARGE_BYTES = 256 << 10;

  private final ConcurrentLinkedQueue<Attempt> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger underWay = new AtomicInteger();

  /** Sends a request when its turn has come. */
  void add(Attempt attempt) {
    waiting.add(attempt);
    advance();
  }

  /** Takes a request back; false if it does not wait any more. */
  boolean remove(Attempt attempt) {
    return waiting.remove(attempt);
  }

  /** A request that had its turn has ended. */
  void ended() {
    underWay.decrementAndGet();
    advance();
  }

  private void advance() {
    while (!waiting.isEmpty()) {
      int taken = underWay.get();
      if (taken >= AT_ONCE) {
        return;
      }
      if (underWay.compareAndSet(taken, taken + 1)) {
        Attempt next = waiting.poll();
        if (next == null) {
          underWay.decrementAndGet();
        } else {
          next.send();
        }
      }
    }
  }
}
