package io.balsa.kv;

import io.balsa.model.KeyValue;
import io.balsa.model.KvError;
import io.balsa.model.Range;
import io.balsa.model.Result;
import io.balsa.model.Span;
import io.balsa.rows.AnswerBytes;
import io.balsa.rows.Keyspace;
import io.balsa.rows.Rows;
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
   * Answers a range of several keys at once, for a transaction that is tried. The answer is invalid
   * when it exceeds the bytes that may be held.
   */
  static Result.Range answer(Range range, Keyspace keys, AnswerBytes held) {
    Span span = new Span(range.key(), range.rangeEnd());
    Picked picked = new Picked(range, held);
    if (!span.isEmpty()) {
      try (Rows rows = rows(range, span, keys)) {
        while (!held.measures() && rows.next()) {
          picked.count(rows);
        }
      }
    }
    picked.end();
    return answer(picked, keys);
  }

  /** The answer to a range of one key, of which there may be a version or none. */
  static Result.Range one(Range range, @Nullable KeyValue kv, Keyspace keys) {
    if (kv == null) {
      return new Result.Range(keys.revision(), List.of(), false, 0);
    }
    KeyValue given = range.keysOnly() ? Picked.keyOnly(range, kv) : kv;
    List<KeyValue> kvs = gives(range, kv) ? List.of(given) : List.of();
    return new Result.Range(keys.revision(), kvs, false, 1);
  }

  /** Whether the answer holds the key, and does not only count it. */
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
