package io.balsa.check;

import io.balsa.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * A change of a key: as a watcher got it, or as the store made it.
 *
 * @param value null for a deletion
 * @param createRevision 0 for a deletion
 * @param modRevision the revision of the change
 * @param version 0 for a deletion
 * @param before the previous value; null when there was none or the client did not ask for it
 */
public record WatchEvent(
    Bytes key,
    @Nullable Bytes value,
    long createRevision,
    long modRevision,
    long version,
    @Nullable Bytes before) {
  /** The same with another previous value. */
  WatchEvent with(@Nullable Bytes value) {
    return new WatchEvent(key, this.value, createRevision, modRevision, version, value);
  }

  /** The change without its previous value. */
  WatchEvent withoutBefore() {
    return with(null);
  }

  @Override
  public String toString() {
    String what = value == null ? "deleted" : "put " + QuotedBytes.quote(value);
    return "revision %d: %s %s (create=%d version=%d before=%s)"
        .formatted(
            modRevision,
            QuotedBytes.quote(key),
            what,
            createRevision,
            version,
            before == null ? "nothing" : QuotedBytes.quote(before));
  }
}
