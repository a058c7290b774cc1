package io.balsa.budget;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Sends the refusal of a large request a second late. A client that is refused at once may send its
 * megabyte again at once. The server would then spend its time on requests that it refuses.
 *
 * <p>The refused request itself is not kept. Any thread may call every method.
 */
public final class LateRefusals {
  static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** So many may wait. Further ones are sent at once. */
  private static final int WAITING_MAX = 1_000;

  private final BudgetClock clock;
  private final Set<Refusal> waiting = ConcurrentHashMap.newKeySet();
  private volatile boolean ending;

  LateRefusals(BudgetClock clock) {
    this.clock = clock;
  }

  /**
   * Sends a refusal a second later, on the clock's thread.
   *
   * @param nanosMax it waits no longer than this
   */
  void send(Runnable refusal, long nanosMax) {
    Refusal late = new Refusal(refusal);
    waiting.add(late);
    if (ending || waiting.size() > WAITING_MAX) {
      late.send();
    } else {
      clock.after(Math.clamp(nanosMax, 0, WAIT_NANOS), late::send);
    }
  }

  /** Sends all refusals now, and later ones at once: the process ends. */
  public void end() {
    ending = true;
    waiting.forEach(Refusal::send);
  }

  private final class Refusal {
    private final Runnable tell;

    Refusal(Runnable tell) {
      this.tell = tell;
    }

    void send() {
      if (waiting.remove(this)) {
        tell.run();
      }
    }
  }
}
