package io.balsa.wire;

import io.balsa.raft.Entry;
import io.balsa.raft.Message;
import java.util.List;

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

  /** What servers ask the leader about leases, and its answers. */
  sealed interface OfLease extends Frame {}

  /**
   * A server asks the leader for the time of a lease. Asking twice is as good as once.
   *
   * @param number the asking server's number for it, which the answer repeats
   * @param renew whether the lease is to have its whole time again
   */
  record LeaseQuestion(long number, long lease, boolean renew) implements OfLease {}

  /**
   * The leader's answer, after it has confirmed that it leads.
   *
   * @param left seconds of the lease that are left; -1 when there is no such lease
   * @param ttl its whole time in seconds; 0 when there is no such lease
   */
  record LeaseAnswer(long number, long left, long ttl) implements OfLease {}

  /**
   * A server whose log is damaged asks what stands in another's. The first frame of a link, in the
   * place of a {@link Hello}: that server takes no part in anything else. It may be repeated.
   *
   * @param clusterId the sender's cluster
   * @param from the sender's member id
   * @param indexes the entries asked for, ascending
   */
  record EntriesQuestion(long clusterId, long from, List<Long> indexes) implements Frame {}

  /**
   * What of them the asked server has, as far as it fits; committed or not. The asking server holds
   * them against what its own log says of them.
   *
   * @param considered the highest index that was looked for
   */
  record EntriesAnswer(long considered, List<Entry> entries) implements Frame {}
}
