package io.balsa.watch;

import io.balsa.model.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/**
 * Cuts the events for a group's watchers into batches between revisions, so that each answer is
 * small enough for clients. Only a single revision may be larger than a batch.
 */
final class WatchBatches {
  private static final int BATCH_BYTES = 1 << 20;

  private final WatchGroup.Kind kind;
  private final List<Event> events;
  private final long revision;
  private final List<WatchAnswer.Batch> shared;

  /** Batches for watchers that have some of the events; watchers of a stream often share them. */
  private final HashMap<Long, List<WatchAnswer.Batch>> byNext = new HashMap<>();

  /**
   * @param events at least one event
   * @param revision the revision of the header; 0 for that of the last event in each batch
   */
  WatchBatches(WatchGroup.Kind kind, List<Event> events, long revision) {
    this.kind = kind;
    this.events = events;
    this.revision = revision;
    this.shared = cut(events);
  }

  /** The batches for a watcher that has all events before a revision. */
  List<WatchAnswer.Batch> from(long next) {
    if (next <= events.getFirst().revision()) {
      return shared;
    }
    return byNext.computeIfAbsent(
        next, _ -> cut(events.stream().filter(event -> event.revision() >= next).toList()));
  }

  private List<WatchAnswer.Batch> cut(List<Event> whole) {
    List<WatchAnswer.Batch> batches = new ArrayList<>(1);
    long bytes = 0;
    int start = 0;
    for (int i = 0; i < whole.size(); i++) {
      boolean border = i > start && whole.get(i).revision() != whole.get(i - 1).revision();
      if (border && bytes + whole.get(i).bytes() > BATCH_BYTES) {
        batches.add(batch(whole.subList(start, i)));
        start = i;
        bytes = 0;
      }
      bytes += whole.get(i).bytes();
    }
    if (start < whole.size()) {
      batches.add(batch(whole.subList(start, whole.size())));
    }
    return batches;
  }

  private WatchAnswer.Batch batch(List<Event> part) {
    return kind.batch(revision == 0 ? part.getLast().revision() : revision, part);
  }
}
