package io.balsa.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** Waits in a test until another thread has made a condition true. Looks once a millisecond. */
public final class Until {
  private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long STILL_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  private Until() {}

  /** Returns when the condition holds; fails after 30 seconds. */
  public static void until(Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("the end of patience").isLessThan(end);
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
  }

  /**
   * Returns when the condition holds; fails after 30 seconds.
   *
   * @param state what the failure says: the condition, and values that explain it
   */
  public static void until(Supplier<String> state, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(state).isLessThan(end);
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
  }

  /** Returns when a positive number has not changed for 0.3 seconds; fails after 30 seconds. */
  public static void untilStill(IntSupplier number) {
    int[] before = {-1};
    until(
        () -> before[0] + " has changed for 30 seconds",
        () -> {
          boolean still = before[0] > 0 && before[0] == number.getAsInt();
          before[0] = number.getAsInt();
          LockSupport.parkNanos(STILL_NANOS);
          return still;
        });
  }
}
