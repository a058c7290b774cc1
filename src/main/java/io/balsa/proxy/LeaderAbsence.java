package io.balsa.proxy;

import io.balsa.logging.LogEvent;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Logs when the proxy has known no leader for some seconds, and when it knows one again: one line
 * each.
 */
final class LeaderAbsence {
  private static final LogEvent NO_LEADER =
      LogEvent.warn(
          "io.balsa.proxy",
          "no leader is known to the proxy, requests wait or fail",
          "start the servers, and check the network between them and to --endpoints");

  private static final LogEvent LEADER_AGAIN =
      LogEvent.info("io.balsa.proxy", "a leader is known to the proxy again, requests are served");

  /** An election takes less, and clients hardly notice it. */
  private static final long SAID_NANOS = TimeUnit.SECONDS.toNanos(5);

  private boolean serves;
  private boolean said;
  private long sinceNanos;

  /** No leader is known at this moment. */
  LeaderAbsence(long nowNanos) {
    sinceNanos = nowNanos;
  }

  /**
   * Looks whether there is a line to log. Must be called regularly.
   *
   * @param leads whether a leader is known and answers
   * @param servers how many servers are known
   * @param failing how many of them did not answer the last question
   */
  void look(boolean leads, int servers, int failing, long nowNanos) {
    if (serves && !leads) {
      sinceNanos = nowNanos;
    }
    serves = leads;
    Duration passed = Duration.ofNanos(nowNanos - sinceNanos);
    if (leads && said) {
      said = false;
      LEADER_AGAIN.log("after", passed);
    } else if (!leads && !said && passed.toNanos() >= SAID_NANOS) {
      said = true;
      NO_LEADER.log("for", passed, "servers", servers, "without-answer", failing);
    }
  }
}
