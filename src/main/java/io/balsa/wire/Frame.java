package io.balsa.wire;

import io.balsa.raft.Message;

/** What one server sends another over a link. */
public sealed interface Frame {
  /**
   * The first frame of a link, from the server that opened it; answered by {@link Welcome} or
   * {@link Refuse}.
   *
   * @param clusterId the sender's cluster
   * @param from the sender's member id
   * @param to the member id that the sender believes to reach
   * @param disk the number of the sender's data directory, made once with it
   * @param boot the sender's start, growing with each
   * @param bulk whether the link is for snapshots, so that they never stand before a heartbeat
   */
  record Hello(long clusterId, long from, long to, long disk, long boot, boolean bulk)
      implements Frame {}

  /** The link is accepted: whom it reached. */
  record Welcome(long clusterId, long from, long disk, long boot) implements Frame {}

  /** The link is not accepted; closed afterwards. */
  record Refuse(String reason) implements Frame {}

  /** A message of Raft. */
  record Raft(Message message) implements Frame {}

  /** The sender's rolling hash after applying an index, for comparison. */
  record StateHash(long index, long hash) implements Frame {}
}
