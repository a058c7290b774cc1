package io.balsa.watch;

import io.balsa.kv.StoreReader;
import io.balsa.model.Span;
import io.balsa.rows.ViewKeyspace;
import java.util.ArrayList;
import java.util.List;

/** Reads past revisions for watchers that are behind. */
final class PastCatchUp implements CatchUp {
  private final Backlog backlog;
  private final long from;
  private final List<Watcher> watchers;
  private final WatchGroups groups = new WatchGroups();
  private final List<Wish> wishes;

  /** The span and next revision of a watcher when the read was made. */
  private record Wish(Span span, long next) {}

  PastCatchUp(Backlog backlog, long from, List<Watcher> watchers) {
    this.backlog = backlog;
    this.from = from;
    this.watchers = watchers;
    this.wishes = new ArrayList<>(watchers.size());
    for (Watcher watcher : watchers) {
      groups.add(watcher);
      wishes.add(new Wish(watcher.kind().span(), watcher.next));
    }
  }

  /** The first revision that one of the watchers cannot get yet: its deletion is not swept. */
  private long upTo(ViewKeyspace keys) {
    long upTo = keys.revision() + 1;
    if (!keys.tombstones().isEmpty()) {
      for (Wish wish : wishes) {
        long unswept = keys.tombstones().firstUnswept(wish.next(), wish.span());
        upTo = unswept == 0 ? upTo : Math.min(upTo, unswept);
      }
    }
    return upTo;
  }

  List<Watcher> watchers() {
    return watchers;
  }

  WatchGroups groups() {
    return groups;
  }

  /** Whether a watcher wants previous key-values. */
  static boolean wantsPrevious(List<Watcher> watchers) {
    for (Watcher watcher : watchers) {
      if (watcher.kind().prevKv()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Runnable read(StoreReader reader) {
    PastEvents past = new PastEvents(reader.keys(), wantsPrevious(watchers));
    PastChanges history =
        HistoryScan.read(past, from, upTo(past.keys()), groups::covers, backlog.limits());
    return () -> {
      backlog.over();
      backlog.caughtUp(this, history);
    };
  }

  @Override
  public void unread() {
    backlog.over();
  }
}
