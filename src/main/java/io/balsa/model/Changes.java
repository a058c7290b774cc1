package io.balsa.model;

import io.balsa.bytes.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All changes of one revision, in their order.
 *
 * @param revision the revision
 * @param events at least one
 * @param bytes the bytes of keys and values in the events
 */
public record Changes(long revision, List<Event> events, long bytes) {
  public static Changes of(long revision, List<Event> events) {
    long bytes = 0;
    for (Event event : events) {
      bytes += event.bytes();
    }
    return new Changes(revision, events, bytes);
  }

  /**
   * Makes the changes of the operations of a revision, each with the version just before it. A put
   * that the same revision overwrites is no event. The previous version of an event is the one
   * before the revision.
   */
  public static Changes ofOperations(long revision, List<Event> operations) {
    return of(revision, operations.size() == 1 ? first(operations) : mergeByKey(operations));
  }

  private static List<Event> first(List<Event> operations) {
    Event only = operations.getFirst();
    return List.of(only.before(only.previous()));
  }

  private static List<Event> mergeByKey(List<Event> operations) {
    HashMap<Bytes, @Nullable KeyValue> before = new HashMap<>();
    HashMap<Bytes, Integer> lastPut = new HashMap<>();
    for (int i = 0; i < operations.size(); i++) {
      Event event = operations.get(i);
      if (!before.containsKey(event.kv().key())) {
        before.put(event.kv().key(), event.previous());
      }
      if (!event.deleted()) {
        lastPut.put(event.kv().key(), i);
      }
    }
    List<Event> merged = new ArrayList<>(operations.size());
    for (int i = 0; i < operations.size(); i++) {
      Event event = operations.get(i);
      Integer last = lastPut.get(event.kv().key());
      if (event.deleted() || last == null || last == i) {
        merged.add(event.before(before.get(event.kv().key())));
      }
    }
    return merged;
  }

  /** The same events without the previous versions. */
  public Changes withoutPrevious() {
    List<Event> bare = new ArrayList<>(events.size());
    for (Event event : events) {
      bare.add(event.before(null));
    }
    return of(revision, bare);
  }
}
