package io.balsa.queue;

import io.balsa.bytes.Bytes;

/**
 * A read of at most one key: the first of a range of keys, in the order of their creation.
 *
 * @param from the begin of the range, inclusive
 * @param end the end of the range, exclusive
 * @param maxCreateRevision keys that were created later are ignored; 0 for no limit
 */
public record KeySearch(Bytes from, Bytes end, Order order, long maxCreateRevision) {
  /** Which key is first. */
  public enum Order {
    /** The key with the smallest create revision. */
    OLDEST,
    /** The key with the largest create revision. */
    NEWEST
  }
}
