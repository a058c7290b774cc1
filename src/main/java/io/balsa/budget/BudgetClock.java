package io.balsa.budget;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** How a budget knows that time has passed. */
public interface BudgetClock {
  /** A time that only grows. */
  long nanos();

  /** Runs a task later, on a thread that it may not keep. */
  void after(long nanos, Runnable task);

  /** The machine's, on one thread that all budgets of the process share. */
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
