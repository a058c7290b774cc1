package io.balsa.node.peers;

import io.balsa.lanes.NodeMetrics;
import io.balsa.logging.LogEvent;
import io.balsa.logging.RareLine;

/**
 * Counts what the peer port refuses, and logs at most one line a minute: any client can cause
 * refusals as often as it likes. On any thread.
 */
public final class Refusals {
  private static final LogEvent REFUSED =
      LogEvent.warn(
          "io.balsa.node",
          "a connection or a message was refused at the peer port",
          "check which program connects there, and --initial-cluster of all members");

  private final NodeMetrics metrics;
  private final RareLine line = new RareLine(REFUSED);

  public Refusals(NodeMetrics metrics) {
    this.metrics = metrics;
  }

  /** A link or frame was refused. */
  void add(String what) {
    metrics.peerRefused();
    line.happened("reason", what);
  }
}
