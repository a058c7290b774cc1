package io.balsa.proxy;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * How fast each client connection may open streams: 100 a second, 1,000 at once. What comes faster
 * waits its turn, five seconds at most. Opening streams and leaving them costs a server more than
 * the client, and the servers see the proxy's connections, not the client's.
 *
 * <p>Each connection has the moment up to which its turns are given away.
 */
final class StreamRateLimit {
  /** Too many wait already. */
  static final long REFUSED = -1;

  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long AT_ONCE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long WAIT_NANOS_MAX = TimeUnit.SECONDS.toNanos(5);

  private final Map<Object, Long> given = new ConcurrentHashMap<>();

  /**
   * Takes the next turn.
   *
   * @return how many nanoseconds to wait for it; {@link #REFUSED} when that is too long
   */
  long next(Object connection, long nowNanos) {
    long[] wait = {0};
    given.compute(
        connection,
        (_, before) -> {
          long upTo = before == null || before - nowNanos < 0 ? nowNanos : before;
          wait[0] = Math.max(0, upTo + TURN_NANOS - nowNanos - AT_ONCE_NANOS);
          if (wait[0] > WAIT_NANOS_MAX) {
            wait[0] = REFUSED;
            return upTo;
          }
          return upTo + TURN_NANOS;
        });
    return wait[0];
  }

  /** Forgets connections that have all their turns; to be called now and then. */
  void forget(long nowNanos) {
    given.values().removeIf(upTo -> upTo - nowNanos < 0);
  }
}
