package io.balsa.watch;

import io.balsa.bytes.Bytes;
import io.balsa.model.Changes;
import io.balsa.model.Event;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Watchers grouped by equal requests, and found by key. */
final class WatchGroups {
  private final SpanIndex<List<WatchGroup>> bySpan = new SpanIndex<>();

  void add(Watcher watcher) {
    WatchGroup.Kind kind = watcher.kind();
    List<WatchGroup> groups = bySpan.getOrMake(kind.span(), _ -> new ArrayList<>(1));
    WatchGroup group = find(groups, kind);
    if (group == null) {
      group = new WatchGroup(kind);
      groups.add(group);
    }
    group.watchers().add(watcher);
  }

  void remove(Watcher watcher) {
    WatchGroup.Kind kind = watcher.kind();
    List<WatchGroup> groups = bySpan.getOrMake(kind.span(), _ -> new ArrayList<>(1));
    WatchGroup group = find(groups, kind);
    if (group != null) {
      group.watchers().remove(watcher);
      if (group.watchers().isEmpty()) {
        groups.remove(group);
      }
    }
    if (groups.isEmpty()) {
      bySpan.remove(kind.span());
    }
  }

  private static @Nullable WatchGroup find(List<WatchGroup> groups, WatchGroup.Kind kind) {
    for (WatchGroup group : groups) {
      if (group.kind().equals(kind)) {
        return group;
      }
    }
    return null;
  }

  /** Whether any watcher covers the key. */
  boolean covers(Bytes key) {
    return bySpan.covers(key);
  }

  boolean isEmpty() {
    return bySpan.isEmpty();
  }

  /**
   * Passes events to the groups that want them.
   *
   * @return the groups that took an event
   */
  List<WatchGroup> distribute(List<Changes> changes) {
    List<WatchGroup> touched = new ArrayList<>();
    for (Changes revision : changes) {
      for (Event event : revision.events()) {
        bySpan.forEach(event.kv().key(), groups -> give(event, groups, touched));
      }
    }
    return touched;
  }

  private static void give(Event event, List<WatchGroup> groups, List<WatchGroup> touched) {
    for (WatchGroup group : groups) {
      if (group.take(event)) {
        touched.add(group);
      }
    }
  }
}
