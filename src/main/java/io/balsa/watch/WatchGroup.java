package io.balsa.watch;

import io.balsa.bytes.Bytes;
import io.balsa.model.Event;
import io.balsa.model.EventSize;
import io.balsa.model.Span;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Watchers with equal requests, for which answers are built once. */
final class WatchGroup {
  /** The request that the watchers of a group share. */
  record Kind(Span span, boolean prevKv, boolean noPut, boolean noDelete, boolean fragment) {
    static Kind of(WatchRequest request) {
      return new Kind(
          request.span(),
          request.prevKv(),
          request.noPut(),
          request.noDelete(),
          request.fragment());
    }

    boolean covers(Bytes key) {
      return span.contains(key);
    }

    boolean wants(Event event) {
      return event.deleted() ? !noDelete : !noPut;
    }

    WatchAnswer.Batch batch(long revision, List<Event> events) {
      return new WatchAnswer.Batch(revision, events, bytes(events), prevKv, fragment);
    }

    /** The size of events in an answer. */
    long bytes(List<Event> events) {
      long bytes = 0;
      for (Event event : events) {
        bytes += EventSize.of(event, prevKv);
      }
      return bytes;
    }
  }

  private final Kind kind;
  private final Set<Watcher> watchers = new LinkedHashSet<>();
  private List<Event> events = new ArrayList<>();

  WatchGroup(Kind kind) {
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }

  Set<Watcher> watchers() {
    return watchers;
  }

  /**
   * Takes an event that its watchers want. The previous key-value is dropped if they do not want
   * it: it would use memory that is not counted.
   *
   * @return whether it is the first event since {@link #drain}
   */
  boolean take(Event event) {
    if (!kind.wants(event)) {
      return false;
    }
    events.add(kind.prevKv() ? event : event.withoutPrevious());
    return events.size() == 1;
  }

  /** Hands out the events taken since the last call, and forgets them. */
  List<Event> drain() {
    List<Event> taken = events;
    events = new ArrayList<>();
    return taken;
  }
}
