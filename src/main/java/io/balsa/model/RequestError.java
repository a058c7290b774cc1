package io.balsa.model;

/**
 * What is wrong with a request by itself, whatever is in the store; {@code api} has etcd's texts.
 */
public enum RequestError {
  /** The key is empty: "key is not provided". */
  KEY_NOT_PROVIDED,
  /** {@code ignoreValue} with a value. */
  VALUE_PROVIDED,
  /** {@code ignoreLease} with a lease. */
  LEASE_PROVIDED,
  /** A sort order or target that does not exist. */
  INVALID_SORT_OPTION,
  /** An operation of a transaction in which nothing is set; etcd says "key not found". */
  EMPTY_OPERATION,
  /** More comparisons or operations than allowed. */
  TOO_MANY_OPERATIONS,
  /** A key put twice, or put and deleted, in one transaction. */
  DUPLICATE_KEY
}
