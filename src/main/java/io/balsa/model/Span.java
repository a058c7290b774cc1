package io.balsa.model;

import io.balsa.bytes.Bytes;
import java.util.NavigableMap;

/**
 * The keys that a request means, by etcd's rule.
 *
 * @param rangeEnd empty for the key alone, a single zero byte for no end, otherwise exclusive
 */
public record Span(Bytes key, Bytes rangeEnd) {
  private static final Bytes NO_END = Bytes.of(0);

  /** Every key. */
  public static final Span ALL = new Span(NO_END, NO_END);

  public boolean single() {
    return rangeEnd.isEmpty();
  }

  public boolean unbounded() {
    return rangeEnd.equals(NO_END);
  }

  /** Whether an end of a range stands for none. */
  public static boolean isNoEnd(Bytes end) {
    return end.equals(NO_END);
  }

  /** The part of a map whose keys are in a span of several keys. */
  public <T> NavigableMap<Bytes, T> of(NavigableMap<Bytes, T> all) {
    return unbounded() ? all.tailMap(key, true) : all.subMap(key, true, rangeEnd, false);
  }

  /** Whether a key is in it. */
  public boolean contains(Bytes other) {
    return single()
        ? key.equals(other)
        : key.compareTo(other) <= 0 && (unbounded() || other.compareTo(rangeEnd) < 0);
  }

  /** Whether a key may be in both. */
  public boolean touches(Span other) {
    if (other.single()) {
      return contains(other.key());
    }
    return single()
        ? other.contains(key)
        : !isEmpty() && !other.isEmpty() && !endsBefore(other) && !other.endsBefore(this);
  }

  private boolean endsBefore(Span other) {
    return !unbounded() && rangeEnd.compareTo(other.key) <= 0;
  }

  /** Whether no key can be in it. */
  public boolean isEmpty() {
    return !single() && !unbounded() && key.compareTo(rangeEnd) >= 0;
  }
}
