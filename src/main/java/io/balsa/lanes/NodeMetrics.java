package io.balsa.lanes;

import io.balsa.model.Command;
import io.balsa.model.Result;

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

  /** A command was applied to the store; a refused one changed nothing. On the apply lane. */
  default void appliedCommand(Command command, Result result) {}

  /** A snapshot from the leader begins to replace the store. */
  default void snapshotInstalling() {}

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

  /** The link that this server opened to a peer is there, or it is not. */
  default void linked(long peer, boolean there) {}

  /** Whether {@link #roundTrip} is wanted, which costs each peer a small frame every 3 s. */
  default boolean wantsRoundTrips() {
    return false;
  }

  /** A small frame to a peer and its answer took so many nanoseconds. */
  default void roundTrip(long peer, long nanos) {}

  /** The leader could not give a read index; the reads ask again. */
  default void readIndexFailed() {}

  /** Something was refused at the peer port. */
  default void peerRefused() {}

  /** A member sent a message that breaks the rules of Raft; it is refused as well. */
  default void peerDisbelieved(long peer) {}
}
