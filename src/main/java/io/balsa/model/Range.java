package io.balsa.model;

import io.balsa.bytes.Bytes;

/**
 * A read of keys, as etcd's Range.
 *
 * @param key the first key
 * @param rangeEnd empty for {@code key} alone, a single zero byte for everything from {@code key}
 *     on, otherwise the first key no longer meant
 * @param limit the most keys to give; 0 for all
 * @param revision the revision to read at; 0 or less for the newest
 * @param keysOnly leave the values out
 * @param countOnly give only the count
 * @param minModRevision leave out keys changed before; 0 for none, as the three below
 */
public record Range(
    Bytes key,
    Bytes rangeEnd,
    long limit,
    long revision,
    SortOrder order,
    SortTarget target,
    boolean keysOnly,
    boolean countOnly,
    long minModRevision,
    long maxModRevision,
    long minCreateRevision,
    long maxCreateRevision)
    implements Command.Op {
  /** The newest value of one key. */
  public static Range of(Bytes key) {
    return of(key, Bytes.EMPTY);
  }

  /** The newest values of a range of keys. */
  public static Range of(Bytes key, Bytes rangeEnd) {
    return new Range(key, rangeEnd, 0, 0, SortOrder.NONE, SortTarget.KEY, false, false, 0, 0, 0, 0);
  }

  /** How many keys there were in a range at a revision; 0 for the newest. */
  public static Range count(Bytes key, Bytes rangeEnd, long revision) {
    return of(key, rangeEnd).withRevision(revision).withCountOnly();
  }

  /** The same from another key on. */
  public Range withKey(Bytes first) {
    return new Range(
        first,
        rangeEnd,
        limit,
        revision,
        order,
        target,
        keysOnly,
        countOnly,
        minModRevision,
        maxModRevision,
        minCreateRevision,
        maxCreateRevision);
  }

  /** The same with at most so many keys in the answer; 0 for all. */
  public Range withLimit(long most) {
    return new Range(
        key,
        rangeEnd,
        most,
        revision,
        order,
        target,
        keysOnly,
        countOnly,
        minModRevision,
        maxModRevision,
        minCreateRevision,
        maxCreateRevision);
  }

  /** The same at another revision; 0 for the newest. */
  public Range withRevision(long past) {
    return new Range(
        key,
        rangeEnd,
        limit,
        past,
        order,
        target,
        keysOnly,
        countOnly,
        minModRevision,
        maxModRevision,
        minCreateRevision,
        maxCreateRevision);
  }

  /** The same in another order. */
  public Range sorted(SortOrder direction, SortTarget by) {
    return new Range(
        key,
        rangeEnd,
        limit,
        revision,
        direction,
        by,
        keysOnly,
        countOnly,
        minModRevision,
        maxModRevision,
        minCreateRevision,
        maxCreateRevision);
  }

  /** The same without values. */
  public Range withKeysOnly() {
    return new Range(
        key,
        rangeEnd,
        limit,
        revision,
        order,
        target,
        true,
        countOnly,
        minModRevision,
        maxModRevision,
        minCreateRevision,
        maxCreateRevision);
  }

  /** Only the count of the same. */
  public Range withCountOnly() {
    return new Range(
        key,
        rangeEnd,
        limit,
        revision,
        order,
        target,
        keysOnly,
        true,
        minModRevision,
        maxModRevision,
        minCreateRevision,
        maxCreateRevision);
  }

  /** The same without keys that were changed before a revision; 0 for all. */
  public Range withMinModRevision(long first) {
    return new Range(
        key,
        rangeEnd,
        limit,
        revision,
        order,
        target,
        keysOnly,
        countOnly,
        first,
        maxModRevision,
        minCreateRevision,
        maxCreateRevision);
  }

  /** The same without keys that were created after a revision; 0 for all. */
  public Range withMaxCreateRevision(long last) {
    return new Range(
        key,
        rangeEnd,
        limit,
        revision,
        order,
        target,
        keysOnly,
        countOnly,
        minModRevision,
        maxModRevision,
        minCreateRevision,
        last);
  }

  /** In which direction to sort. */
  public enum SortOrder {
    NONE,
    ASCEND,
    DESCEND
  }

  /** By what to sort. */
  public enum SortTarget {
    KEY,
    VERSION,
    CREATE,
    MOD,
    VALUE
  }
}
