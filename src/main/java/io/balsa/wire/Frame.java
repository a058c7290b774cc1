package io.balsa.wire;

import io.balsa.raft.Entry;
import io.balsa.raft.Message;
import java.util.List;

/** What one server sends another over a link. */
public sealed interface Frame {
  /** What a link is for. */
  enum Purpose {
    /** What is small and must not wait. */
    URGENT,
    /** What carries entries or a snapshot, so that they never stand before a heartbeat. */
    BULK,
    /** A server whose log is damaged asks for entries, and takes part in nothing else. */
    REPAIR
  }

  /**
   * The first frame of a link, from the server that opened it; answered by {@link Welcome} or
   * {@link Refuse}. It is believed once the member at {@code from}'s own peer URL has confirmed its
   * nonce.
   *
   * @param clusterId the sender's cluster
   * @param from the sender's member id
   * @param to the member id that the sender believes to reach
   * @param disk the number of the sender's data directory, made once with it
   * @param boot the sender's start, growing with each
   * @param purpose what the link is for
   * @param nonce a number that nobody can guess, made for this link
   */
  record Hello(
      long clusterId, long from, long to, long disk, long boot, Purpose purpose, long nonce)
      implements Frame {}

  /**
   * A server that was greeted asks back, over its own link to the peer URL of the member named in
   * the greeting: was it you? Comes after the {@link Hello} of that link, whether or not that was
   * answered.
   *
   * @param nonce the greeting's
   */
  record Challenge(long nonce) implements Frame {}

  /**
   * Answers {@link Challenge}, over the link on which that came.
   *
   * @param own whether the sender greets the asking server with that nonce at this moment
   */
  record Confirm(long nonce, boolean own) implements Frame {}

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
   * A server whose log is damaged asks what stands in another's, over a link that was accepted for
   * {@link Purpose#REPAIR}. It may be repeated.
   *
   * @param indexes the entries asked for, ascending
   */
  record EntriesQuestion(List<Long> indexes) implements Frame {}

  /**
   * What of them the asked server has, as far as it fits; committed or not. The asking server holds
   * them against what its own log says of them.
   *
   * @param considered the highest index that was looked for
   */
  record EntriesAnswer(long considered, List<Entry> entries) implements Frame {}
}
