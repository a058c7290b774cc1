package io.balsa.kv;

import java.util.List;

/** Watchers that are to be told of the past, and where to begin. */
final class PastReading implements CatchUp {
  private final Backlog backlog;
  private final long from;
  private final List<Watcher> watchers;
  private final WatchGroups groups = new WatchGroups();

  PastReading(Backlog backlog, long from, List<Watcher> watchers) {
    this.backlog = backlog;
    this.from = from;
    this.watchers = watchers;
    watchers.forEach(groups::add);
  }

  List<Watcher> watchers() {
    return watchers;
  }

  WatchGroups groups() {
    return groups;
  }

  /** Whether anybody wants to know what was before. */
  static boolean wantsPrevious(List<Watcher> watchers) {
    for (Watcher watcher : watchers) {
      if (watcher.kind().prevKv()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Runnable read(Reader reader) {
    PastEvents past = reader.past(wantsPrevious(watchers));
    History history = HistoryScan.read(past, from, groups::covers, backlog.limits());
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
