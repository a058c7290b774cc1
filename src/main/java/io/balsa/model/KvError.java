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
  /** A lease is asked to last longer than any may. */
  LEASE_TTL_TOO_LARGE,
  /** What a leader decided by its clock came too late: another term has begun. */
  LEADER_CHANGED,
  /** The write has a client's sequence of which nobody can say any more whether it was done. */
  SEQUENCE_FORGOTTEN,
  /** The write was done before, with a result too large to be remembered. */
  RESULT_TOO_LARGE,
  /** The answer would be larger than an answer may be; nothing was done. */
  ANSWER_TOO_LARGE,
  /** The transaction visits more keys than one may; nothing was done. */
  TXN_TOO_LARGE,
  /** Too many large deletions are under way; nothing was done. */
  TOO_MANY_DELETIONS,
  /** There are as many leases as there may be. */
  TOO_MANY_LEASES,
  /** The store is over its quota. */
  NO_SPACE,
  /** Replicas differ; writing is over until an operator has looked. */
  CORRUPT
}
