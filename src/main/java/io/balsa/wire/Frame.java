package io.balsa.wire;

import io.balsa.raft.Entry;
import io.balsa.raft.Message;
import java.util.List;

/** A message that one server sends to another over a link. */
public sealed interface Frame {
  /** What a link is for. */
  enum Purpose {
    /** Small frames, which must not wait. */
    URGENT,
    /** Entries and snapshots. On this link they delay no heartbeat. */
    BULK,
    /** Questions for entries by a server whose log is damaged. It takes part in nothing else. */
    REPAIR
  }

  /**
   * The first frame of a link, from the server that opened it; answered by {@link Welcome} or
   * {@link Refuse}. The server believes it once the member at {@code from}'s own peer URL has
   * confirmed its nonce.
   *
   * @param clusterId the sender's cluster
   * @param from the sender's member id
   * @param to the member id that the sender expects
   * @param disk the number of the sender's data directory, made once with it
   * @param boot the number of the sender's start, which grows with each
   * @param purpose what the link is for
   * @param nonce a random number made for this link, which others cannot guess
   */
  record Hello(
      long clusterId, long from, long to, long disk, long boot, Purpose purpose, long nonce)
      implements Frame {}

  /**
   * Asks whether a {@link Hello} was genuine. The server that received it asks over its own link to
   * the peer URL of the member that the hello names. It comes after the {@link Hello} of that link,
   * also before the answer to it.
   *
   * @param nonce the nonce of the hello that was received
   */
  record Challenge(long nonce) implements Frame {}

  /**
   * Answers {@link Challenge}, over the link on which the challenge came.
   *
   * @param own whether the sender's own hello to the asking server has that nonce
   */
  record Confirm(long nonce, boolean own) implements Frame {}

  /** Accepts the link and names the server that it reached. */
  record Welcome(long clusterId, long from, long disk, long boot) implements Frame {}

  /** Refuses the link, which is closed afterwards. */
  record Refuse(String reason) implements Frame {}

  /** A frame that a server takes over an accepted link alone, for what is behind the link. */
  sealed interface FromMember extends Frame {}

  /** A message of Raft. */
  record Raft(Message message) implements FromMember {}

  /** The sender's rolling hash after applying an index, for comparison. */
  record StateHash(long index, long hash) implements FromMember {}

  /** Questions of servers to the leader about leases, and its answers. */
  sealed interface OfLease extends FromMember {}

  /**
   * A server asks the leader for the time of a lease. The question may be repeated.
   *
   * @param number the asking server's number for it, which the answer repeats
   * @param renew whether the lease gets its whole time again
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
   * A server whose log is damaged asks for entries of another server's log, over a link that was
   * accepted for {@link Purpose#REPAIR}. The question may be repeated.
   *
   * @param indexes the entries asked for, ascending
   */
  record EntriesQuestion(List<Long> indexes) implements FromMember {}

  /**
   * The entries that the asked server has, as many as fit, committed or not. The asking server
   * checks them against the checksums in its own log.
   *
   * @param considered the highest index for which the asked server looked
   */
  record EntriesAnswer(long considered, List<Entry> entries) implements Frame {}
}
