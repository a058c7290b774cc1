package io.balsa.watch;

import io.balsa.model.Changes;
import io.balsa.rows.Tombstones;
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
 * <p>One lane calls everything here; a {@link CatchUp} is read by another one meanwhile.
 */
public final class WatchHub {
  private final Set<WatchStream> streams = new LinkedHashSet<>();
  private final WatchGroups live = new WatchGroups();
  private final WatchLimits limits;
  private final RecentChanges recent;
  private final Backlog backlog;

  /** Streams that were told something since the last flush. */
  private Set<WatchStream> told = new LinkedHashSet<>();

  private int watches;
  private long watchesBytes;
  private long revision;
  private long newest;
  private long compactRevision;
  private Tombstones unswept = Tombstones.NONE;

  /** A hub that has heard nothing yet. */
  public WatchHub(WatchLimits limits) {
    this.limits = limits;
    this.recent = new RecentChanges(limits.recentBytes());
    this.backlog = new Backlog(this, limits);
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
    if (!told.isEmpty()) {
      Set<WatchStream> those = told;
      told = new LinkedHashSet<>();
      those.forEach(WatchStream::flush);
    }
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
    // somebody who waits for room would have to go to the store for what is still here
    if (watches == 0) {
      advance(newest);
    }
  }

  /** Knows from the store how far it is. */
  void knows(long storeRevision, long storeCompactRevision) {
    newest = Math.max(newest, storeRevision);
    compactRevision = Math.max(compactRevision, storeCompactRevision);
  }

  /**
   * Hears which large deletions are not swept: whom one concerns cannot be told of it yet, nor of
   * what came after it.
   */
  public void sweeping(Tombstones tombstones) {
    unswept = tombstones;
  }

  Tombstones unswept() {
    return unswept;
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
    int from = 0;
    for (int i = 0; i < fresh.size(); i++) {
      if (isLarge(fresh.get(i))) {
        tellLive(fresh.subList(from, i), fresh.get(i).revision());
        leaveToStore(fresh.get(i));
        from = i + 1;
      }
    }
    tellLive(fresh.subList(from, fresh.size()), upTo + 1);
    revision = upTo;
  }

  private boolean isLarge(Changes changes) {
    int events = changes.events().size();
    return events > limits.changes() || (events > 1 && changes.bytes() > limits.wholeBytes());
  }

  private void tellLive(List<Changes> changes, long next) {
    changes.forEach(recent::add);
    for (WatchGroup group : live.distribute(changes)) {
      tell(group, 0, next).forEach(this::park);
    }
  }

  /** What is too large to be told at once is not kept: whom it concerns is told from the store. */
  private void leaveToStore(Changes changes) {
    recent.skip(changes.revision());
    for (WatchGroup group : live.distribute(List.of(changes))) {
      group.taken();
      for (Watcher watcher : List.copyOf(group.watchers())) {
        if (watcher.next <= changes.revision()) {
          live.remove(watcher);
          watcher.next = changes.revision();
          catchUp(watcher);
        }
      }
    }
  }

  /** What came since cannot be heard any more: who waited for it is told from the store. */
  private void lose(long upTo) {
    for (WatchStream stream : streams) {
      for (Watcher watcher : stream.watchers()) {
        if (watcher.state() == Watcher.State.LIVE && watcher.next <= upTo) {
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
  static List<Watcher> tell(WatchGroup group, long header, long next) {
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
      if (!watcher.stream().takeRoom(batch.bytes())) {
        watcher.next = Math.max(watcher.next, batch.events().getFirst().revision());
        return false;
      }
      watcher.tell(batch);
    }
    watcher.next = Math.max(watcher.next, next);
    return true;
  }

  void park(Watcher watcher) {
    live.remove(watcher);
    backlog.remove(watcher);
    watcher.stream().park(watcher);
  }

  /** Whether all watches together take what they may. */
  boolean isFull() {
    return watchesBytes >= limits.watchesBytes();
  }

  void begun(Watcher watcher) {
    watches++;
    watchesBytes += watcher.bytes();
  }

  void enter(Watcher watcher) {
    if (watcher.next > revision) {
      goLive(watcher);
    } else {
      catchUp(watcher);
    }
  }

  private void goLive(Watcher watcher) {
    backlog.remove(watcher);
    watcher.become(Watcher.State.LIVE);
    live.add(watcher);
  }

  void catchUp(Watcher watcher) {
    watcher.become(Watcher.State.BEHIND);
    backlog.add(watcher);
  }

  void leave(Watcher watcher) {
    switch (watcher.state()) {
      case LIVE -> live.remove(watcher);
      case PARKED -> watcher.stream().unpark(watcher);
      case BEHIND -> backlog.remove(watcher);
      case IN_PARTS, COMPACTED, CANCELED -> {}
    }
    watcher.become(Watcher.State.CANCELED);
    watches--;
    watchesBytes -= watcher.bytes();
  }

  /**
   * Tells what can be told of the past from here, and says what is to be read from the store for
   * the others.
   *
   * @return null when there is nothing to read, or something is being read
   */
  public @Nullable CatchUp nextCatchUp() {
    return backlog.next();
  }

  Backlog backlog() {
    return backlog;
  }

  RecentChanges recent() {
    return recent;
  }

  /** The recent changes from a revision on, as the store would tell them. */
  List<Changes> recentFrom(long from) {
    return recent.from(from, compactRevision);
  }

  boolean isForgotten(long next) {
    return next < compactRevision;
  }

  void endCompacted(Watcher watcher) {
    backlog.remove(watcher);
    watcher.become(Watcher.State.COMPACTED);
    watcher.stream().send(new WatchAnswer.Compacted(watcher.id(), compactRevision));
  }

  /** Tells idle watchers that asked for it how far the store is; to be called by the clock. */
  public void notifyProgress() {
    streams.forEach(WatchStream::notifyProgress);
  }
}
