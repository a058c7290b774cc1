package io.balsa.model;

import io.balsa.bytes.Bytes;
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
}
