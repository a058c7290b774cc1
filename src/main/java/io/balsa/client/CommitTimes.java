package io.balsa.client;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * The commit indexes of the leader in the last few seconds, with their times. A member lags when it
 * has not applied an entry that was committed two seconds ago. This does not depend on how fast the
 * log grows.
 */
final class CommitTimes {
  private static final long BETWEEN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long BEHIND_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long CAUGHT_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private record Seen(long nanos, long index) {}

  private final ArrayDeque<Seen> seen = new ArrayDeque<>();

  /** Notes the commit index of a leader. A lower index than before deletes the older ones. */
  void note(long nowNanos, long index) {
    Seen last = seen.peekLast();
    if (last != null && index < last.index) {
      seen.clear();
    } else if (last != null && nowNanos - last.nanos < BETWEEN_NANOS) {
      return;
    }
    seen.addLast(new Seen(nowNanos, index));
    while (nowNanos - seen.getFirst().nanos > 2 * BEHIND_NANOS) {
      seen.removeFirst();
    }
  }

  void clear() {
    seen.clear();
  }

  /**
   * Whether a member lags.
   *
   * @param nowNanos when the member reported it
   * @param applied the last index that it has applied
   * @param lagged whether it lagged before: then it must come closer, to half a second, to count as
   *     caught up
   */
  boolean lags(long nowNanos, long applied, boolean lagged) {
    long since = nowNanos - (lagged ? CAUGHT_UP_NANOS : BEHIND_NANOS);
    long committed = 0;
    for (Seen each : seen) {
      if (each.nanos - since <= 0) {
        committed = each.index;
      }
    }
    return applied < committed;
  }
}
