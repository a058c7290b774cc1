package io.balsa.check;

import io.balsa.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * A change of a key, as a watcher is told of it or as it was made.
 *
 * @param value null for a deletion
 * @param createRevision 0 for a deletion
 * @param modRevision the revision of the change
 * @param version 0 for a deletion
 * @param before the value that was there before; null when there was none or nobody asked
 */
public record WatchEvent(
    Bytes key,
    @Nullable Bytes value,
    long createRevision,
    long modRevision,
    long version,
    @Nullable Bytes before) {
  boolean isSameChange(WatchEvent other) {
    return withoutBefore().equals(other.withoutBefore());
  }

  private WatchEvent withoutBefore() {
    return new WatchEvent(key, value, createRevision, modRevision, version, null);
  }
}
