package io.balsa.lanes;

/**
 * What a server counts; the door's owner gives an implementation that shows it under etcd's metric
 * names. Called from any lane; must not block.
 */
public interface NodeMetrics {
  /** Counts nothing. */
  NodeMetrics NONE = new NodeMetrics() {};

  /** A force of the log took that long. */
  default void forced(long nanos) {}

  /** A batch was written to the store in that time. */
  default void applied(int entries, long nanos) {}

  /** A leader's snapshot took the place of the store. */
  default void snapshotInstalled() {}

  /** A leader was found, or lost when 0. */
  default void leaderChanged(long leader) {}

  /** Commands were proposed. */
  default void proposed(int commands) {}

  /** Proposals failed. */
  default void proposalsFailed(int commands) {}

  /** A frame went to a peer. */
  default void sent(long peer, int bytes) {}

  /** A frame came from a peer. */
  default void received(long peer, int bytes) {}

  /** A frame to a peer was dropped: its link was closed or full. */
  default void sendFailed(long peer) {}

  /** Something was refused at the peer port. */
  default void peerRefused() {}

  /** A member sent what no member that follows the rules sends; it is refused as well. */
  default void peerDisbelieved(long peer) {}
}
