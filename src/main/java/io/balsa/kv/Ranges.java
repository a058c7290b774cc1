package io.balsa.kv;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers ranges as etcd does: scan, filter, sort, cut to the limit. */
final class Ranges {
  private Ranges() {}

  static @Nullable KvError refusal(long revision, Keyspace keys) {
    if (revision <= 0) {
      return null;
    }
    if (revision > keys.revision()) {
      return KvError.FUTURE_REVISION;
    }
    return revision < keys.compactRevision() ? KvError.COMPACTED : null;
  }

  /**
   * Answers a range at once, for a transaction that is tried out.
   *
   * @param cost ends the reading when what is held is too much, so that the answer is worth nothing
   */
  static Result.Range answer(Range range, Keyspace keys, Cost cost) {
    Span span = new Span(range.key(), range.rangeEnd());
    if (span.single()) {
      return one(
          range,
          isNewest(range, keys) ? keys.newest(range.key()) : keys.at(range.key(), range.revision()),
          keys);
    }
    Picked picked = new Picked(range, Held.unbounded());
    if (!span.isEmpty()) {
      readMany(range, span, keys, picked, cost);
    }
    picked.end();
    return answer(picked, keys);
  }

  private static void readMany(Range range, Span span, Keyspace keys, Picked picked, Cost cost) {
    try (Rows rows = rows(range, span, keys)) {
      while (rows.next()) {
        picked.count(rows);
        cost.hold(picked.bytes());
        if (cost.isOver()) {
          return;
        }
      }
    }
  }

  /** The answer to a range of one key, of which there may be a version or none. */
  static Result.Range one(Range range, @Nullable KeyValue kv, Keyspace keys) {
    boolean gives = kv != null && gives(range, kv);
    return new Result.Range(
        keys.revision(),
        gives ? List.of(range.keysOnly() ? Picked.keyOnly(range, kv) : kv) : List.of(),
        false,
        kv == null ? 0 : 1);
  }

  /** Whether a key that is there is also given. */
  static boolean gives(Range range, KeyValue kv) {
    return !range.countOnly() && Picked.passes(range, kv);
  }

  static Result.Range answer(Picked picked, Keyspace keys) {
    return new Result.Range(keys.revision(), picked.kvs(), picked.more(), picked.count());
  }

  static Rows rows(Range range, Span span, Keyspace keys) {
    return isNewest(range, keys) ? keys.newest(span) : keys.at(span, range.revision());
  }

  static boolean isNewest(Range range, Keyspace keys) {
    return range.revision() <= 0 || range.revision() == keys.revision();
  }
}
