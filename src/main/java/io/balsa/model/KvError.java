package io.balsa.model;

/** Why the state machine refused; {@code api} gives each etcd's code and text. */
public enum KvError {
  /** The revision asked for is compacted. */
  COMPACTED,
  /** The revision asked for does not exist yet. */
  FUTURE_REVISION,
  /** {@code ignoreValue} or {@code ignoreLease} on a key that is not there. */
  KEY_NOT_FOUND,
  /** The lease named does not exist. */
  LEASE_NOT_FOUND,
  /** A lease with the id to be granted exists. */
  LEASE_EXISTS,
  /** The requested time of a lease is longer than the longest allowed. */
  LEASE_TTL_TOO_LARGE,
  /** A command that a leader decided by its clock came too late: another term has begun. */
  LEADER_CHANGED,
  /** The sequence of the write is so old that the store cannot know whether the write was done. */
  SEQUENCE_FORGOTTEN,
  /** The write was done before, with a result too large to be remembered. */
  RESULT_TOO_LARGE,
  /** The answer would be larger than an answer may be; nothing was done. */
  ANSWER_TOO_LARGE,
  /** The transaction visits more keys than one may; nothing was done. */
  TXN_TOO_LARGE,
  /** Too many large deletions are under way; nothing was done. */
  TOO_MANY_DELETIONS,
  /** The number of leases is at its bound. */
  TOO_MANY_LEASES,
  /** The store is over its quota. */
  NO_SPACE,
  /** Replicas differ; writes are refused until an operator clears the alarm. */
  CORRUPT
}
