package io.balsa.watch;

import io.balsa.bytes.Bytes;
import io.balsa.kv.StoreReader;
import io.balsa.model.Changes;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a large revision once for several watchers that want so little of it that the events of all
 * fit in memory, and then sends each its events as a whole.
 */
final class SharedDelivery implements CatchUp {
  private final Backlog backlog;
  private final long revision;
  private final List<Watcher> watchers;
  private final WatchGroups groups = new WatchGroups();
  private final Set<WatchGroup> touched = new LinkedHashSet<>();
  private @Nullable Bytes after;

  SharedDelivery(Backlog backlog, long revision, List<Watcher> watchers) {
    this.backlog = backlog;
    this.revision = revision;
    this.watchers = watchers;
    watchers.forEach(groups::add);
  }

  @Override
  public Runnable read(StoreReader reader) {
    WatchLimits limits = backlog.limits();
    PastEvents past = new PastEvents(reader.keys(), PastCatchUp.wantsPrevious(watchers));
    RevisionPiece piece =
        RevisionPiece.read(
            past, revision, after, groups::covers, limits.changes(), limits.pieceBytes());
    return () -> took(piece);
  }

  @Override
  public void unread() {
    backlog.over();
  }

  private void took(RevisionPiece piece) {
    backlog.over();
    if (piece.isForgotten(revision)) {
      backlog.found(List.of());
      backlog.again(watchers);
      return;
    }
    after = piece.after();
    touched.addAll(groups.distribute(List.of(Changes.of(revision, piece.events()))));
    if (after == null) {
      backlog.found(List.of());
      touched.forEach(group -> backlog.sendWhole(group, revision));
      backlog.passed(watchers, revision);
    }
  }
}
