package io.balsa.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for what another thread brings about. */
public final class Until {
  private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private Until() {}

  /** Returns when the condition holds; fails after 30 seconds. */
  public static void until(Callable<Boolean> hoped) throws Exception {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!hoped.call()) {
      assertThat(System.nanoTime()).as("the end of patience").isLessThan(end);
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
  }
}
