package io.balsa.client;

import java.util.concurrent.TimeUnit;

/** Limits how many calls are reset on a connection, so that a server does not see an attack. */
final class ResetRate {
  /** Balsa's servers read a connection more slowly after 200 resets in ten seconds. */
  private static final int RESETS_MAX = 60;

  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(5);

  private long begun;
  private int resets;

  /** Asks for permission to reset a call; false when there were too many resets. */
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
