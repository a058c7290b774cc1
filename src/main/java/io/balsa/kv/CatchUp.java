package io.balsa.kv;

import io.balsa.bytes.Bytes;
import java.util.List;

/** Watchers that are to be told of the past, and where to begin; read by one lane at a time. */
public final class CatchUp {
  private final long from;
  private final List<Watcher> watchers;
  private final WatchGroups groups = new WatchGroups();

  CatchUp(long from, List<Watcher> watchers) {
    this.from = from;
    this.watchers = watchers;
    watchers.forEach(groups::add);
  }

  /** The first revision to read. */
  public long from() {
    return from;
  }

  /** Whether somebody wants to know of a key. */
  public boolean covers(Bytes key) {
    return groups.covers(key);
  }

  List<Watcher> watchers() {
    return watchers;
  }

  WatchGroups groups() {
    return groups;
  }
}
