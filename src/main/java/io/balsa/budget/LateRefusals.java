package io.balsa.budget;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends the refusal of a large request a second late. A client that is refused at once may send its
 * megabyte again at once. The server would then spend its time on requests that it refuses.
 *
 * <p>The refused request itself is not kept. Any thread may call every method.
 */
final class LateRefusals {
  /** A request of so many bytes is large. */
  static final long LARGE_BYTES = 256 << 10;

  static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** So many may wait. Further ones are sent at once. */
  private static final int WAITING_MAX = 1_000;

  private final BudgetClock clock;
  private final AtomicInteger waiting = new AtomicInteger();

  LateRefusals(BudgetClock clock) {
    this.clock = clock;
  }

  /** Sends a refusal a second later, on the clock's thread. */
  void send(Runnable refusal) {
    if (waiting.incrementAndGet() > WAITING_MAX) {
      waiting.decrementAndGet();
      refusal.run();
    } else {
      clock.after(WAIT_NANOS, () -> sendNow(refusal));
    }
  }

  private void sendNow(Runnable refusal) {
    waiting.decrementAndGet();
    refusal.run();
  }
}
