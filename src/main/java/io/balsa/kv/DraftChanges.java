package io.balsa.kv;

import io.balsa.model.Changes;
import io.balsa.model.Event;
import io.balsa.model.KeyValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The changes of entries, kept for the watch lane while there are watchers. They are bounded:
 * changes that are too large, or not known yet, leave a gap, and all changes before the gap are
 * dropped. A watcher that finds a gap reads the store.
 */
final class DraftChanges {
  private final long bytesMax;
  private boolean keeps;
  private List<Changes> made = new ArrayList<>();
  private List<Event> events = new ArrayList<>();
  private long bytes;

  /** Whether the present entry's changes are left out. */
  private boolean lost;

  DraftChanges(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** Whether to keep changes; between two batches. */
  void keep(boolean keep) {
    keeps = keep;
  }

  void add(KeyValue kv, boolean deleted, @Nullable KeyValue before) {
    if (!keeps || lost) {
      return;
    }
    Event event = new Event(kv, deleted, before);
    bytes += event.bytes();
    if (bytes > bytesMax) {
      lose();
    } else {
      events.add(event);
    }
  }

  /** Leaves out the present entry's changes and all before them. */
  void lose() {
    lost = true;
    events = new ArrayList<>();
    made = new ArrayList<>();
    bytes = 0;
  }

  /** The present entry is at its end. */
  void end(long revision) {
    if (!events.isEmpty()) {
      made.add(Changes.ofOperations(revision, events));
      events = new ArrayList<>();
    }
    lost = false;
  }

  /** The changes since the last call or the last gap, without a gap between them. */
  List<Changes> take() {
    List<Changes> taken = made;
    made = new ArrayList<>();
    bytes = 0;
    return taken;
  }
}
