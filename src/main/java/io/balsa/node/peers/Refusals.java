package io.balsa.node.peers;

import io.balsa.host.Clock;
import io.balsa.lanes.NodeMetrics;
import java.lang.System.Logger.Level;

/**
 * What the peer port refuses: all of it is counted, and once a minute the newest is told, because
 * anybody can bring it about as often as they like. On any thread.
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

  /** Something was refused; of bounded length, for people. */
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

  /** How many went untold before this one; -1 when this one goes untold as well. */
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
