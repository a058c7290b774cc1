package io.balsa.kv;

import io.balsa.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A part of a range, in the order of its keys.
 *
 * @param revision the store's revision when it was read, as in a range's answer
 * @param kvs what this part gives
 * @param next where the next part begins; null when this is the last one
 * @param rest keys of the range after the limit, of the last part; all keys when only their count
 *     is asked for
 * @param error why there is no answer; null when there is one
 */
public record RangePiece(
    long revision, List<KeyValue> kvs, @Nullable Bytes next, long rest, @Nullable KvError error) {

  /** Where the next part begins. */
  public Bytes nextKey() {
    return Objects.requireNonNull(next, "the last part has no next one");
  }

  /**
   * Reads one.
   *
   * @param range without order and filters; its limit bounds all parts that are still to come
   * @param keysMax the most keys
   * @param bytesMax the part ends with the key that reaches it
   */
  static RangePiece read(Range range, Keyspace keys, int keysMax, long bytesMax) {
    KvError error = Ranges.refusal(range.revision(), keys);
    if (error != null) {
      return new RangePiece(keys.revision(), List.of(), null, 0, error);
    }
    Span span = new Span(range.key(), range.rangeEnd());
    if (span.single() || span.isEmpty()) {
      return whole(range, keys);
    }
    try (Rows rows = Ranges.rows(range, span, keys)) {
      return read(range, rows, keys.revision(), keysMax, bytesMax);
    }
  }

  private static RangePiece whole(Range range, Keyspace keys) {
    Result.Range found = Ranges.answer(range, keys);
    return new RangePiece(
        found.revision(), found.kvs(), null, found.count() - found.kvs().size(), null);
  }

  private static RangePiece read(
      Range range, Rows rows, long revision, int keysMax, long bytesMax) {
    List<KeyValue> kvs = new ArrayList<>();
    long bytes = 0;
    long rest = 0;
    while (rows.next()) {
      if (range.countOnly() || (range.limit() > 0 && kvs.size() == range.limit())) {
        rest++;
      } else if (kvs.size() == keysMax || bytes >= bytesMax) {
        return new RangePiece(revision, kvs, rows.key(), 0, null);
      } else {
        KeyValue kv = range.keysOnly() ? Picked.withoutValue(rows.row()) : rows.row();
        bytes += kv.key().size() + kv.value().size();
        kvs.add(kv);
      }
    }
    return new RangePiece(revision, kvs, null, rest, null);
  }
}
