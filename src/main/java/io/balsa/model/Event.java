package io.balsa.model;

import io.balsa.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * An event of a watch: a change of a key at a revision.
 *
 * @param kv the key as it was put, or its name and the revision alone when it was deleted
 * @param deleted whether it was deleted; otherwise it was put
 * @param previous the key before the revision; null when it was not there or is forgotten, and for
 *     a put that created it
 */
public record Event(KeyValue kv, boolean deleted, @Nullable KeyValue previous) {
  public static Event put(KeyValue kv, @Nullable KeyValue previous) {
    return new Event(kv, false, previous);
  }

  public static Event deleted(Bytes key, long revision, @Nullable KeyValue previous) {
    return new Event(new KeyValue(key, Bytes.EMPTY, 0, revision, 0, 0), true, previous);
  }

  /** The revision at which it happened. */
  public long revision() {
    return kv.modRevision();
  }

  /** Whether it made the key. */
  public boolean creates() {
    return !deleted && kv.createRevision() == kv.modRevision();
  }

  public Event before(@Nullable KeyValue earlier) {
    return new Event(kv, deleted, creates() ? null : earlier);
  }

  public Event withoutPrevious() {
    return previous == null ? this : new Event(kv, deleted, null);
  }

  /** The bytes of keys and values in it. */
  public int bytes() {
    int size = kv.key().size() + kv.value().size();
    return previous == null ? size : size + previous.key().size() + previous.value().size();
  }
}
