package io.balsa.kv;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells watchers what happens to their keys. It hears what was applied, tells those that are up to
 * date at once, and those that are behind from its recent changes or from the store, a piece at a
 * time.
 *
 * <ol>
 *   <li>A watcher is told every event of its keys from its start on once and in order, a revision
 *       as a whole.
 *   <li>Nothing is queued for a stream without room: its watchers fall behind and are told later.
 *   <li>What is lost on the way here, and a store that was replaced by a newer one, only make
 *       watchers fall behind.
 * </ol>
 *
 * <p>One lane calls everything here; {@link CatchUp} may be read by another one meanwhile.
 */
public final class WatchHub {
  private final Set<WatchStream> streams = new LinkedHashSet<>();
  private final WatchGroups live = new WatchGroups();
  private final RecentChanges recent = new RecentChanges();

  /** Who is to be told of the past, the longest waiting first. */
  private final Set<Watcher> behind = new LinkedHashSet<>();

  /** Streams that were told something since the last flush. */
  private final List<WatchStream> told = new ArrayList<>();

  private @Nullable CatchUp underWay;
  private long revision;
  private long newest;
  private long compactRevision;

  /** A hub that has heard nothing yet. */
  public WatchHub() {
    this.compactRevision = -1;
  }

  /** Opens a stream; {@link WatchStream#close} ends it. */
  public WatchStream open(WatchSink sink) {
    WatchStream stream = new WatchStream(this, sink);
    streams.add(stream);
    return stream;
  }

  void closed(WatchStream stream) {
    streams.remove(stream);
    told.remove(stream);
  }

  void told(WatchStream stream) {
    told.add(stream);
  }

  /** Has every stream that was told something send it on; to be called when nothing else waits. */
  public void flush() {
    told.forEach(WatchStream::flush);
    told.clear();
  }

  /** Whether nobody has a stream. */
  public boolean isIdle() {
    return streams.isEmpty();
  }

  /** The revision up to which live watchers have been told everything. */
  long revision() {
    return revision;
  }

  /** The newest revision known of: what begins now begins after it. */
  long newest() {
    return newest;
  }

  /**
   * Hears how far the store is. To be called before a stream's methods with what is applied by
   * then.
   */
  public void heard(long storeRevision, long storeCompactRevision) {
    newest = Math.max(newest, storeRevision);
    compactRevision = Math.max(compactRevision, storeCompactRevision);
    if (live.isEmpty() && behind.isEmpty() && nobodyWaits()) {
      advance(newest);
    }
  }

  /** Whether no watch waits for room: it would have to go to the store for what is still here. */
  private boolean nobodyWaits() {
    for (WatchStream stream : streams) {
      if (!stream.watchers().isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private void advance(long to) {
    if (to > revision) {
      recent.clear();
      revision = to;
    }
  }

  /**
   * Hears what was applied.
   *
   * @param changes consecutive; when they do not join what was heard before, what is missing is
   *     read from the store
   * @param upTo the revision after them
   */
  public void applied(List<Changes> changes, long upTo, long storeCompactRevision) {
    compactRevision = Math.max(compactRevision, storeCompactRevision);
    newest = Math.max(newest, upTo);
    List<Changes> fresh = changes;
    while (!fresh.isEmpty() && fresh.getFirst().revision() <= revision) {
      fresh = fresh.subList(1, fresh.size());
    }
    if (upTo <= revision) {
      return;
    }
    if (fresh.isEmpty() || fresh.getFirst().revision() != revision + 1) {
      lose(upTo);
      return;
    }
    fresh.forEach(recent::add);
    for (WatchGroup group : live.distribute(fresh)) {
      tell(group, 0, upTo + 1).forEach(this::park);
    }
    revision = upTo;
  }

  /** What came since cannot be heard any more: who waited for it is told from the store. */
  private void lose(long upTo) {
    for (WatchStream stream : streams) {
      for (Watcher watcher : stream.watchers()) {
        if (watcher.state == Watcher.State.LIVE && watcher.next <= upTo) {
          live.remove(watcher);
          watcher.next = Math.max(watcher.next, revision + 1);
          catchUp(watcher);
        }
      }
    }
    advance(upTo);
  }

  /**
   * Tells a group what it took.
   *
   * @return the watchers that had no room for it
   */
  private static List<Watcher> tell(WatchGroup group, long header, long next) {
    WatchBatches batches = new WatchBatches(group.kind(), group.taken(), header);
    List<Watcher> without = new ArrayList<>();
    for (Watcher watcher : group.watchers()) {
      if (!watcher.isOver() && !tell(watcher, batches, next)) {
        without.add(watcher);
      }
    }
    return without;
  }

  private static boolean tell(Watcher watcher, WatchBatches batches, long next) {
    for (WatchAnswer.Batch batch : batches.from(watcher.next)) {
      if (!watcher.stream().isReady()) {
        watcher.next = Math.max(watcher.next, batch.events().getFirst().revision());
        return false;
      }
      watcher.tell(batch);
    }
    watcher.next = Math.max(watcher.next, next);
    return true;
  }

  private void park(Watcher watcher) {
    live.remove(watcher);
    behind.remove(watcher);
    watcher.stream().park(watcher);
  }

  void enter(Watcher watcher) {
    if (watcher.next > revision) {
      goLive(watcher);
    } else {
      catchUp(watcher);
    }
  }

  private void goLive(Watcher watcher) {
    behind.remove(watcher);
    watcher.state = Watcher.State.LIVE;
    live.add(watcher);
  }

  void catchUp(Watcher watcher) {
    watcher.state = Watcher.State.BEHIND;
    behind.add(watcher);
  }

  void leave(Watcher watcher) {
    switch (watcher.state) {
      case LIVE -> live.remove(watcher);
      case PARKED -> watcher.stream().unpark(watcher);
      case BEHIND -> behind.remove(watcher);
      case COMPACTED, CANCELED -> {}
    }
    watcher.state = Watcher.State.CANCELED;
  }

  /**
   * Tells what can be told of the past from here, and says what is to be read from the store for
   * the others; {@link #caughtUp} is to follow.
   *
   * @return null when there is nothing to read, or something is being read
   */
  public @Nullable CatchUp nextCatchUp() {
    if (behind.isEmpty()) {
      return null;
    }
    List<Watcher> near = new ArrayList<>();
    List<Watcher> far = new ArrayList<>();
    for (Watcher watcher : List.copyOf(behind)) {
      if (watcher.next < compactRevision) {
        endCompacted(watcher);
      } else if (!watcher.stream().isReady()) {
        park(watcher);
      } else if (recent.covers(watcher.next)) {
        near.add(watcher);
      } else {
        far.add(watcher);
      }
    }
    tellRecent(near);
    return underWay == null && !far.isEmpty() ? startWith(far) : null;
  }

  private void endCompacted(Watcher watcher) {
    behind.remove(watcher);
    watcher.state = Watcher.State.COMPACTED;
    watcher.stream().send(new WatchAnswer.Compacted(watcher.id(), compactRevision));
  }

  private void tellRecent(List<Watcher> near) {
    if (near.isEmpty()) {
      return;
    }
    long from = revision;
    for (Watcher watcher : near) {
      from = Math.min(from, watcher.next);
    }
    CatchUp past = new CatchUp(from, near);
    tell(past, recent.from(from, compactRevision), revision, revision + 1);
  }

  /** The longest waiting one says where to begin; who is further comes along. */
  private CatchUp startWith(List<Watcher> far) {
    long from = far.getFirst().next;
    CatchUp next = new CatchUp(from, far.stream().filter(w -> w.next >= from).toList());
    underWay = next;
    return next;
  }

  /**
   * Tells what was read.
   *
   * @param history null when nothing could be read; the server is at its end
   */
  public void caughtUp(CatchUp past, @Nullable History history) {
    underWay = null;
    if (history != null) {
      newest = Math.max(newest, history.revision());
      compactRevision = Math.max(compactRevision, history.compactRevision());
      tell(past, history.changes(), history.revision(), history.next());
    }
  }

  /** Tells watchers that are behind what changed up to a revision that they are told next. */
  private void tell(CatchUp past, List<Changes> changes, long header, long next) {
    for (WatchGroup group : past.groups().distribute(changes)) {
      group.watchers().removeIf(watcher -> watcher.state != Watcher.State.BEHIND);
      tell(group, header, next).forEach(this::park);
    }
    for (Watcher watcher : past.watchers()) {
      if (watcher.state == Watcher.State.BEHIND) {
        tellUpTo(watcher, next);
      }
    }
  }

  private void tellUpTo(Watcher watcher, long next) {
    watcher.next = Math.max(watcher.next, next);
    behind.remove(watcher);
    enter(watcher);
  }

  /** Tells idle watchers that asked for it how far the store is; to be called by the clock. */
  public void notifyProgress() {
    streams.forEach(WatchStream::notifyProgress);
  }
}
