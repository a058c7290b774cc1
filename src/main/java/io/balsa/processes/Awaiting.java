package io.balsa.processes;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits for other processes. */
public final class Awaiting {
  private static final Duration STEP = Duration.ofMillis(2);

  private Awaiting() {}

  /**
   * Returns once the condition holds.
   *
   * @param what the thing waited for, in words
   * @throws InstrumentFailure when it does not hold within the limit
   */
  public static void until(String what, Duration limit, BooleanSupplier holds) {
    value(what, limit, () -> holds.getAsBoolean() ? Boolean.TRUE : null);
  }

  /**
   * Returns the first value that is not null.
   *
   * @param what the thing waited for, in words
   * @throws InstrumentFailure when there is no value within the limit
   */
  public static <T> T value(String what, Duration limit, Supplier<@Nullable T> source) {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      T value = source.get();
      if (value != null) {
        return value;
      }
      if (System.nanoTime() - end > 0) {
        throw new InstrumentFailure("waited " + limit.toSeconds() + " s without success: " + what);
      }
      pause(STEP);
    }
  }

  /**
   * Waits for a time.
   *
   * @throws InstrumentFailure when the thread is interrupted
   */
  public static void pause(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InstrumentFailure("interrupted");
      }
      LockSupport.parkNanos(left);
    }
  }

  /** The failure of an interrupted wait; sets the interrupt flag of the thread again. */
  public static InstrumentFailure interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new InstrumentFailure("interrupted", cause);
  }
}
