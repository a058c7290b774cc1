package io.balsa.watch;

import io.balsa.bytes.Bytes;
import io.balsa.kv.StoreReader;
import io.balsa.model.Changes;
import io.balsa.model.Event;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The first pass over a large revision: counts how much of it each kind of watcher wants. Watchers
 * that want nothing are past the revision. Watchers that want little share a {@link
 * SharedDelivery}. Each of the others gets a {@link PartsDelivery}.
 */
final class DemandCount implements CatchUp {
  /** The events of the revision for watchers of one kind. */
  private static final class Sum {
    final List<Watcher> watchers = new ArrayList<>();
    long events;
    long bytes;
  }

  private final Backlog backlog;
  private final long revision;
  private final List<Watcher> watchers;
  private final WatchGroups groups = new WatchGroups();
  private final Map<WatchGroup.Kind, Sum> sums = new LinkedHashMap<>();
  private @Nullable Bytes after;
  private boolean bare;

  DemandCount(Backlog backlog, long revision, List<Watcher> watchers) {
    this.backlog = backlog;
    this.revision = revision;
    this.watchers = watchers;
    for (Watcher watcher : watchers) {
      groups.add(watcher);
      sums.computeIfAbsent(watcher.kind(), _ -> new Sum()).watchers.add(watcher);
    }
  }

  @Override
  public Runnable read(StoreReader reader) {
    WatchLimits limits = backlog.limits();
    PastEvents past = new PastEvents(reader.keys(), PastCatchUp.wantsPrevious(watchers));
    RevisionPiece piece =
        RevisionPiece.read(
            past, revision, after, groups::covers, limits.changes(), limits.pieceBytes());
    return () -> counted(piece);
  }

  @Override
  public void unread() {
    backlog.over();
  }

  private void counted(RevisionPiece piece) {
    backlog.over();
    boolean begins = after == null;
    if (piece.isForgotten(revision) || (!begins && piece.isBare(revision) != bare)) {
      backlog.found(List.of());
      backlog.again(watchers);
      return;
    }
    bare = piece.isBare(revision);
    after = piece.after();
    for (WatchGroup group : groups.distribute(List.of(Changes.of(revision, piece.events())))) {
      Sum sum = Objects.requireNonNull(sums.get(group.kind()));
      List<Event> events = group.drain();
      sum.events += events.size();
      sum.bytes += group.kind().bytes(events);
    }
    if (after == null) {
      done();
    }
  }

  private void done() {
    List<SharedDelivery> sharedDeliveries = new ArrayList<>();
    long events = 0;
    long bytes = 0;
    List<Watcher> together = new ArrayList<>();
    for (Sum sum : sums.values()) {
      if (sum.events == 0) {
        backlog.passed(sum.watchers, revision);
      } else if (isLarge(sum.events, sum.bytes)) {
        sum.watchers.forEach(watcher -> deliver(watcher, sum));
      } else {
        if (isPiece(events + sum.events, bytes + sum.bytes) && !together.isEmpty()) {
          sharedDeliveries.add(new SharedDelivery(backlog, revision, together));
          together = new ArrayList<>();
          events = 0;
          bytes = 0;
        }
        together.addAll(sum.watchers);
        events += sum.events;
        bytes += sum.bytes;
      }
    }
    if (!together.isEmpty()) {
      sharedDeliveries.add(new SharedDelivery(backlog, revision, together));
    }
    backlog.found(sharedDeliveries);
  }

  private boolean isLarge(long events, long bytes) {
    WatchLimits limits = backlog.limits();
    return events > limits.changes() || (events > 1 && bytes > limits.wholeBytes());
  }

  private boolean isPiece(long events, long bytes) {
    return events > backlog.limits().changes() || bytes > backlog.limits().pieceBytes();
  }

  private void deliver(Watcher watcher, Sum sum) {
    if (watcher.state() == Watcher.State.IN_PARTS) {
      watcher.stream().deliver(new PartsDelivery(backlog, watcher, revision, sum.bytes));
    }
  }
}
