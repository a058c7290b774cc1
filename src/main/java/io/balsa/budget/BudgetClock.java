package io.balsa.budget;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The clock and timer of a budget. */
public interface BudgetClock {
  /** Monotonic time. */
  long nanos();

  /** Runs a task later. The task must not block its thread. */
  void after(long nanos, Runnable task);

  /** The machine's clock, with one thread for all budgets of the process. */
  static BudgetClock real() {
    return Real.CLOCK;
  }

  /** Real time. */
  final class Real implements BudgetClock {
    private static final Real CLOCK = new Real();

    private final ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("balsa-budget", true));

    private Real() {}

    @Override
    public long nanos() {
      return System.nanoTime();
    }

    @Override
    public void after(long nanos, Runnable task) {
      var _ = thread.schedule(task, nanos, TimeUnit.NANOSECONDS);
    }
  }
}
