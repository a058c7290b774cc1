package io.balsa.kv;

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
  /** The store is over its quota. */
  NO_SPACE,
  /** Replicas differ; writing is over until an operator has looked. */
  CORRUPT
}
