package io.balsa.client;

import java.util.concurrent.TimeUnit;

/** How many calls may be reset on a connection: fewer than a server takes for an attack. */
final class ResetRate {
  /** Balsa's servers end a connection at 20,000 in ten seconds. */
  private static final int RESETS_MAX = 5_000;

  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(5);

  private long begun;
  private int resets;

  /** Takes leave to reset one; false when there were too many. */
  synchronized boolean take(long nowNanos) {
    if (resets == 0 || nowNanos - begun >= WINDOW_NANOS) {
      begun = nowNanos;
      resets = 0;
    }
    if (resets == RESETS_MAX) {
      return false;
    }
    resets++;
    return true;
  }
}
