package io.balsa.kv;

import io.balsa.bytes.Bytes;

/**
 * The keys that a request means, by etcd's rule.
 *
 * @param rangeEnd empty for the key alone, a single zero byte for no end, otherwise exclusive
 */
record Span(Bytes key, Bytes rangeEnd) {
  private static final Bytes NO_END = Bytes.of(0);

  boolean single() {
    return rangeEnd.isEmpty();
  }

  boolean unbounded() {
    return rangeEnd.equals(NO_END);
  }

  /** Whether an end of a range stands for none. */
  static boolean isNoEnd(Bytes end) {
    return end.equals(NO_END);
  }

  /** Whether no key can be in it. */
  boolean isEmpty() {
    return !single() && !unbounded() && key.compareTo(rangeEnd) >= 0;
  }
}
