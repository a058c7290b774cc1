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
  /** The request comes without a user, or names an empty one. */
  USER_EMPTY,
  /** The user may not do this, or there is no such user any more. */
  PERMISSION_DENIED,
  /** The user's password has changed since the user was let in. */
  AUTH_OLD_REVISION,
  /** There is a user of this name. */
  USER_EXISTS,
  /** There is no user of this name. */
  USER_NOT_FOUND,
  /** The name of the role is empty. */
  ROLE_EMPTY,
  /** There is a role of this name. */
  ROLE_EXISTS,
  /** There is no role of this name. */
  ROLE_NOT_FOUND,
  /** The user does not have the role. */
  ROLE_NOT_GRANTED,
  /** The role does not have the permission. */
  PERMISSION_NOT_GRANTED,
  /** The request to give a permission holds none. */
  PERMISSION_NOT_GIVEN,
  /** Users are not in force. */
  AUTH_NOT_ENABLED,
  /** No such user, or a wrong password: the two look alike. */
  AUTH_FAILED,
  /** Users cannot be brought into force without the user root. */
  ROOT_USER_MISSING,
  /** Users cannot be brought into force while the user root lacks the role root. */
  ROOT_ROLE_MISSING,
  /** The change would lock root out, or the range of a permission is not valid. */
  INVALID_AUTH_MANAGEMENT,
  /** The number of users, roles, permissions or tokens is at its bound; nothing was done. */
  TOO_MANY_AUTH_ENTRIES,
  /** A name is longer than {@link StoreLimits#NAME_BYTES}; nothing was done. */
  AUTH_NAME_TOO_LONG,
  /** The store is over its quota. */
  NO_SPACE,
  /** Replicas differ; writes are refused until an operator clears the alarm. */
  CORRUPT
}
