package io.balsa.kv;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers ranges as etcd does: scan, filter, sort, cut to the limit. */
final class Ranges {
  private Ranges() {}

  static Result read(Range range, Keyspace keys) {
    KvError error = refusal(range.revision(), keys);
    return error == null ? answer(range, keys) : new Result.Refused(keys.revision(), error);
  }

  static @Nullable KvError refusal(long revision, Keyspace keys) {
    if (revision <= 0) {
      return null;
    }
    if (revision > keys.revision()) {
      return KvError.FUTURE_REVISION;
    }
    return revision < keys.compactRevision() ? KvError.COMPACTED : null;
  }

  static Result.Range answer(Range range, Keyspace keys) {
    return answer(range, keys, null);
  }

  /**
   * Answers a range.
   *
   * @param cost ends the reading when what is held is too much, so that the answer is worth
   *     nothing; null for no bound
   */
  static Result.Range answer(Range range, Keyspace keys, @Nullable Cost cost) {
    Span span = new Span(range.key(), range.rangeEnd());
    Picked picked = Picked.of(range);
    if (span.single()) {
      readOne(range, keys, picked);
    } else if (!span.isEmpty()) {
      readMany(range, span, keys, picked, cost);
    }
    return new Result.Range(keys.revision(), picked.kvs(), picked.more(), picked.count());
  }

  private static void readOne(Range range, Keyspace keys, Picked picked) {
    KeyValue kv =
        isNewest(range, keys) ? keys.newest(range.key()) : keys.at(range.key(), range.revision());
    if (kv != null) {
      picked.count(() -> kv);
    }
  }

  private static void readMany(
      Range range, Span span, Keyspace keys, Picked picked, @Nullable Cost cost) {
    try (Rows rows = rows(range, span, keys)) {
      Supplier<KeyValue> row = rows::row;
      while (rows.next()) {
        picked.count(row);
        if (cost != null) {
          cost.hold(picked.bytes());
          if (cost.isOver()) {
            return;
          }
        }
      }
    }
  }

  static Rows rows(Range range, Span span, Keyspace keys) {
    return isNewest(range, keys) ? keys.newest(span) : keys.at(span, range.revision());
  }

  private static boolean isNewest(Range range, Keyspace keys) {
    return range.revision() <= 0 || range.revision() == keys.revision();
  }
}
