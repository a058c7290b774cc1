package io.balsa.watch;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check;
import io.balsa.model.Event;
import io.balsa.model.KeyValue;
import io.balsa.rows.Change;
import io.balsa.rows.ViewKeyspace;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The events of changes that are in the store.
 *
 * @param previous whether events have the previous key-value
 */
public record PastEvents(ViewKeyspace keys, boolean previous) {
  /** The event of a change; of two puts of a key in one revision, the last counts. */
  Event of(Change change, long revision) {
    if (change.deleted()) {
      return Event.deleted(change.key(), revision, before(change, revision));
    }
    KeyValue kv = version(change.key(), revision);
    Check.that(kv != null, "a change that is not compacted has its version");
    Event bare = Event.put(Objects.requireNonNull(kv), null);
    return bare.creates() ? bare : bare.before(before(change, revision));
  }

  /** The version that a revision made, also when the same revision ended it. */
  private @Nullable KeyValue version(Bytes key, long revision) {
    KeyValue newest = keys.storedNewest(key);
    return newest != null && newest.modRevision() == revision
        ? newest
        : keys.superseded(key, revision);
  }

  private @Nullable KeyValue before(Change change, long revision) {
    if (!previous || change.superseded() == 0 || revision - 1 < keys.compactRevision()) {
      return null;
    }
    return change.superseded() < revision
        ? keys.superseded(change.key(), change.superseded())
        : keys.at(change.key(), revision - 1);
  }
}
