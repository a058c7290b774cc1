package io.balsa.kv;

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

  /** Raises or clears an alarm, as etcd's Alarm with ACTIVATE or DEACTIVATE. */
  record SetAlarm(Alarm alarm, boolean active) implements Command {}

  /**
   * A server says at its start who it is, so that all list it alike.
   *
   * @param disk the number that its data directory got when it was made; the first one published
   *     for a member stays, so that a member that comes back with an empty disk is known
   */
  record Publish(long member, String name, List<String> clientUrls, long disk) implements Command {}

  /** An operation inside a transaction. */
  sealed interface Op permits Range, Put, DeleteRange, Txn {}
}
