package io.balsa.node.peers;

import io.balsa.host.Clock;
import io.balsa.lanes.NodeMetrics;
import io.balsa.logging.LogThrottle;
import java.lang.System.Logger.Level;

/**
 * Counts what the peer port refuses, and logs at most one line a minute: any client can cause
 * refusals as often as it likes. On any thread.
 */
public final class Refusals {
  private static final System.Logger LOG = System.getLogger("io.balsa.node");

  private final Clock clock;
  private final NodeMetrics metrics;
  private final LogThrottle throttle = new LogThrottle();

  public Refusals(Clock clock, NodeMetrics metrics) {
    this.clock = clock;
    this.metrics = metrics;
  }

  /** A link or frame was refused. */
  void add(String what) {
    metrics.peerRefused();
    long times = throttle.happened(clock.nanos());
    if (times > 0) {
      LOG.log(
          Level.WARNING,
          "refused at the peer port: {0}{1}",
          what,
          times == 1 ? "" : " (and " + (times - 1) + " others since the last such line)");
    }
  }
}
