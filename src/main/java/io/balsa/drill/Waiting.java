package io.balsa.drill;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waiting for what other processes do. */
final class Waiting {
  private static final Duration STEP = Duration.ofMillis(2);

  private Waiting() {}

  /** Returns once it holds. */
  static void until(String what, Duration limit, BooleanSupplier holds) {
    value(what, limit, () -> holds.getAsBoolean() ? Boolean.TRUE : null);
  }

  /** Returns the first value that is there. */
  static <T> T value(String what, Duration limit, Supplier<@Nullable T> source) {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      T value = source.get();
      if (value != null) {
        return value;
      }
      if (System.nanoTime() - end > 0) {
        throw new DrillFailure("waited " + limit.toSeconds() + " s in vain: " + what);
      }
      pause(STEP);
    }
  }

  /** Lets time pass. */
  static void pause(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      if (Thread.currentThread().isInterrupted()) {
        throw new DrillFailure("interrupted");
      }
      LockSupport.parkNanos(left);
    }
  }

  static DrillFailure interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new DrillFailure("interrupted", cause);
  }
}
