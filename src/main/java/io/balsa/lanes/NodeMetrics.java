package io.balsa.lanes;

/**
 * What a server counts. The part that serves clients gives an implementation that shows the counts
 * under etcd's metric names. Called from any lane; must not block.
 */
public interface NodeMetrics {
  /** Counts nothing. */
  NodeMetrics NONE = new NodeMetrics() {};

  /** A force of the log took so many nanoseconds. */
  default void forced(long nanos) {}

  /** So many entries were written to the store in so many nanoseconds. */
  default void applied(int entries, long nanos) {}

  /** A snapshot from the leader replaced the store. */
  default void snapshotInstalled() {}

  /** Another leader is known; 0 when none is. */
  default void leaderChanged(long leader) {}

  /** Commands were proposed. */
  default void proposed(int commands) {}

  /** Proposals failed. */
  default void proposalsFailed(int commands) {}

  /** A frame of Raft went to a peer. */
  default void sent(long peer, int bytes) {}

  /** A frame of Raft came from a peer. */
  default void received(long peer, int bytes) {}

  /** A frame of Raft to a peer was dropped: its link was closed or full. */
  default void sendFailed(long peer) {}

  /**
   * The free space of the disk was looked at.
   *
   * @param reserveBytes puts are refused when less is free
   */
  default void diskLookedAt(long freeBytes, long reserveBytes) {}

  /** Something was refused at the peer port. */
  default void peerRefused() {}

  /** A member sent a message that breaks the rules of Raft; it is refused as well. */
  default void peerDisbelieved(long peer) {}
}
