package io.balsa.processes;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits for what other processes do. */
public final class Awaiting {
  private static final Duration STEP = Duration.ofMillis(2);

  private Awaiting() {}

  /** Returns once it holds. */
  public static void until(String what, Duration limit, BooleanSupplier holds) {
    value(what, limit, () -> holds.getAsBoolean() ? Boolean.TRUE : null);
  }

  /** Returns the first value that is there. */
  public static <T> T value(String what, Duration limit, Supplier<@Nullable T> source) {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      T value = source.get();
      if (value != null) {
        return value;
      }
      if (System.nanoTime() - end > 0) {
        throw new InstrumentFailure("waited " + limit.toSeconds() + " s in vain: " + what);
      }
      pause(STEP);
    }
  }

  /** Lets time pass. */
  public static void pause(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InstrumentFailure("interrupted");
      }
      LockSupport.parkNanos(left);
    }
  }

  public static InstrumentFailure interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new InstrumentFailure("interrupted", cause);
  }
}
