package io.balsa.model;

import io.balsa.bytes.Bytes;
import java.util.List;

/** What the log can ask of the state machine. */
public sealed interface Command {
  /**
   * Gives a key a value, as etcd's Put.
   *
   * @param lease the lease that the key hangs on; 0 for none
   * @param prevKv whether the result shall hold what was there before
   * @param ignoreValue keep the value that is there
   * @param ignoreLease keep the lease that is there
   */
  record Put(
      Bytes key, Bytes value, long lease, boolean prevKv, boolean ignoreValue, boolean ignoreLease)
      implements Command, Op {}

  /**
   * Deletes keys, as etcd's DeleteRange.
   *
   * @param rangeEnd as in {@link Range}
   * @param prevKv whether the result shall hold what was there before
   */
  record DeleteRange(Bytes key, Bytes rangeEnd, boolean prevKv) implements Command, Op {}

  /** Compares, then does one of two lists of operations, as etcd's Txn. */
  record Txn(List<Compare> compares, List<Op> success, List<Op> failure) implements Command, Op {}

  /**
   * Forgets history: what was superseded at or before the revision, as etcd's Compact.
   *
   * @param physical whether the answer shall wait until the space is given back, on the server that
   *     answers
   */
  record Compact(long revision, boolean physical) implements Command {}

  /**
   * The leader goes on with the oldest large deletion: the next of its keys become history. Says
   * nothing when that deletion is over or is not the oldest.
   *
   * @param tombstone the revision that the deletion made
   */
  record Sweep(long tombstone) implements Command {}

  /**
   * The leader begins the rolling hash anew, after an earlier version's: what replicas applied by
   * different rules is in it no more.
   */
  record BeginHash() implements Command {}

  /** Raises or clears an alarm, as etcd's Alarm with ACTIVATE or DEACTIVATE. */
  record SetAlarm(Alarm alarm, boolean active) implements Command {}

  /**
   * A server says at its start who it is, so that all list it alike.
   *
   * @param disk the number that its data directory got when it was made; the first one published
   *     for a member stays, so that a member that comes back with an empty disk is known
   */
  record Publish(long member, String name, List<String> clientUrls, long disk) implements Command {}

  /**
   * The leader says how much may be stored, so that all servers refuse alike.
   *
   * @param bytes 0 for no bound
   */
  record SetQuota(long bytes) implements Command {}

  /** What concerns leases. */
  sealed interface OfLease extends Command {}

  /**
   * Grants a lease, as etcd's LeaseGrant.
   *
   * @param id not 0; who proposes has chosen it
   * @param ttl in seconds; who proposes has raised it to the least that this cluster grants
   */
  record LeaseGrant(long id, long ttl) implements OfLease {}

  /** A client ends a lease; its keys go with it in one revision. */
  record LeaseRevoke(long id) implements OfLease {}

  /**
   * The leader ends a lease whose time has passed. Refused in any other term than that in which it
   * was decided: a later leader may have promised the lease more time.
   *
   * @param grant the lease that is meant, by {@link Lease#grant}: not a later one of the same id
   */
  record LeaseExpire(long term, long id, long grant) implements OfLease {}

  /**
   * The leader writes down what a next leader has to know of the time. Refused in any other term
   * than that in which it was decided.
   *
   * @param clock the lease clock, in milliseconds; it never goes back
   */
  record LeaseCheckpoint(long term, long clock, List<LeaseDeadline> deadlines) implements OfLease {}

  /**
   * When a lease ends.
   *
   * @param grant as in {@link LeaseExpire}
   * @param deadline by the lease clock, in milliseconds; 0 gives a next leader no other time for it
   *     than its whole time
   */
  record LeaseDeadline(long id, long grant, long deadline) {}

  /** An operation inside a transaction. */
  sealed interface Op permits Range, Put, DeleteRange, Txn {}
}
