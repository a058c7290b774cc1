package io.balsa.node.peers;

import io.balsa.host.Clock;
import io.balsa.lanes.NodeMetrics;
import java.lang.System.Logger.Level;

/**
 * Counts what the peer port refuses, and logs at most one line a minute: any client can cause
 * refusals as often as it likes. On any thread.
 */
public final class Refusals {
  private static final System.Logger LOG = System.getLogger("io.balsa.node");

  private static final long TOLD_EVERY_NANOS = 60_000_000_000L;

  private final Clock clock;
  private final NodeMetrics metrics;
  private long toldAtNanos;
  private long untold;
  private boolean told;

  public Refusals(Clock clock, NodeMetrics metrics) {
    this.clock = clock;
    this.metrics = metrics;
  }

  /** A link or frame was refused. */
  void add(String what) {
    metrics.peerRefused();
    long others = othersToTell();
    if (others >= 0) {
      LOG.log(
          Level.WARNING,
          "refused at the peer port: {0}{1}",
          what,
          others == 0 ? "" : " (and " + others + " others since the last such line)");
    }
  }

  /** How many refusals before this one were not logged; -1 when this one is not logged either. */
  private synchronized long othersToTell() {
    long now = clock.nanos();
    if (told && now - toldAtNanos < TOLD_EVERY_NANOS) {
      untold++;
      return -1;
    }
    long others = untold;
    told = true;
    toldAtNanos = now;
    untold = 0;
    return others;
  }
}
