package io.balsa.proxy;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Limits how fast a client connection may open streams: 100 a second, 1,000 at once. More streams
 * wait, for five seconds at most. To open and cancel streams costs a server more than the client.
 * The servers see the proxy's connections only, so the proxy must limit its clients.
 *
 * <p>For each connection, the limit keeps the time up to which its turns are taken.
 */
final class StreamRateLimit {
  /** Too many streams wait already. */
  static final long REFUSED = -1;

  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long AT_ONCE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long WAIT_NANOS_MAX = TimeUnit.SECONDS.toNanos(5);

  private final Map<Object, Long> given = new ConcurrentHashMap<>();

  /**
   * Takes the connection's next turn.
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

  /** Forgets connections without taken turns. Must be called regularly. */
  void forget(long nowNanos) {
    given.values().removeIf(upTo -> upTo - nowNanos < 0);
  }
}
