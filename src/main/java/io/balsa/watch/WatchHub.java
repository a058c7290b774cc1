package io.balsa.watch;

import io.balsa.auth.AuthState;
import io.balsa.auth.Judge;
import io.balsa.model.Caller;
import io.balsa.model.Changes;
import io.balsa.model.KvError;
import io.balsa.model.Span;
import io.balsa.rows.Tombstones;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sends watchers the events of their keys. The hub gets the applied changes. It sends them at once
 * to watchers that are up to date. Watchers that are behind get theirs from the recent changes or
 * from the store, one piece at a time.
 *
 * <ol>
 *   <li>From its start revision on, a watcher gets every event of its keys once, in order, and each
 *       revision as a whole.
 *   <li>Nothing is queued for a stream without room: its watchers fall behind and catch up later.
 *   <li>Lost changes, or a store that a snapshot has replaced, only make watchers fall behind.
 * </ol>
 *
 * <p>One lane calls all methods; another lane runs {@link CatchUp#read} meanwhile.
 */
public final class WatchHub {
  private final Set<WatchStream> streams = new LinkedHashSet<>();
  private final WatchGroups live = new WatchGroups();
  private final WatchLimits limits;
  private final RecentChanges recent;
  private final Backlog backlog;
  private final WatchShares shares;

  /** Streams that need a flush: each got an answer, or caught up, since its last one. */
  private Set<WatchStream> toFlush = new LinkedHashSet<>();

  private int watches;
  private long revision;
  private long newest;
  private long compactRevision;
  private Tombstones unswept = Tombstones.NONE;

  private AuthState auth = AuthState.NONE;

  /** A hub at revision 0, without streams. */
  public WatchHub(WatchLimits limits) {
    this.limits = limits;
    this.recent = new RecentChanges(limits.recentBytes());
    this.backlog = new Backlog(this, limits);
    this.shares = new WatchShares(limits.watchesBytes());
    this.compactRevision = -1;
  }

  /**
   * Judges all watches again when users or roles have changed. Call this before a stream's methods
   * and before {@link #applied}: then no watch gets an event that its caller may not read.
   */
  public void judgeBy(AuthState now) {
    if (now != auth) {
      auth = now;
      if (now.enabled()) {
        List.copyOf(streams).forEach(WatchStream::judge);
      }
    }
  }

  /** Why a caller may not read a range; null when it may. */
  @Nullable KvError judge(Caller caller, Span span) {
    return Judge.read(auth, caller, span.key(), span.rangeEnd());
  }

  /** Opens a stream; {@link WatchStream#close} ends it. */
  public WatchStream open(WatchSink sink) {
    WatchStream stream = new WatchStream(this, sink);
    streams.add(stream);
    return stream;
  }

  void closed(WatchStream stream) {
    streams.remove(stream);
    toFlush.remove(stream);
  }

  void flushLater(WatchStream stream) {
    toFlush.add(stream);
  }

  /** Flushes the streams that need it. Call this when no other task waits. */
  public void flush() {
    if (!toFlush.isEmpty()) {
      Set<WatchStream> those = toFlush;
      toFlush = new LinkedHashSet<>();
      those.forEach(WatchStream::flush);
    }
  }

  /** Whether no stream is open. */
  public boolean isIdle() {
    return streams.isEmpty();
  }

  /** How many watchers wait for events from the store or from the recent changes. */
  public int behind() {
    return backlog.watchers();
  }

  /** The revision up to which live watchers have got all events. */
  long revision() {
    return revision;
  }

  /** The newest known revision of the store; new watches begin after it. */
  long newest() {
    return newest;
  }

  /**
   * Sets the revisions of the store. Call this before a stream's methods, with the revisions that
   * are applied by then. When there are no watches, this also moves {@link #revision}, because no
   * watcher needs the events up to there. {@link #noteRead} never moves it.
   */
  public void setStoreRevisions(long storeRevision, long storeCompactRevision) {
    newest = Math.max(newest, storeRevision);
    compactRevision = Math.max(compactRevision, storeCompactRevision);
    // a watcher that waits for room can still get its events from here instead of the store
    if (watches == 0) {
      advance(newest);
    }
  }

  /**
   * Notes the revisions that a read found in the store, so that new watches begin after it. Unlike
   * {@link #setStoreRevisions}, it never moves {@link #revision}.
   */
  void noteRead(long storeRevision, long storeCompactRevision) {
    newest = Math.max(newest, storeRevision);
    compactRevision = Math.max(compactRevision, storeCompactRevision);
  }

  /**
   * Sets the large deletions that are not swept yet. Watchers of their keys cannot get events of
   * these revisions or later ones yet.
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
   * Takes applied changes.
   *
   * @param changes changes of consecutive revisions; when they leave a gap after the last call, the
   *     missing ones are read from the store
   * @param upTo the revision of the store after these changes
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
        sendLive(fresh.subList(from, i), fresh.get(i).revision());
        leaveToStore(fresh.get(i));
        from = i + 1;
      }
    }
    sendLive(fresh.subList(from, fresh.size()), upTo + 1);
    revision = upTo;
  }

  private boolean isLarge(Changes changes) {
    int events = changes.events().size();
    return events > limits.changes() || (events > 1 && changes.bytes() > limits.wholeBytes());
  }

  private void sendLive(List<Changes> changes, long next) {
    changes.forEach(recent::add);
    for (WatchGroup group : live.distribute(changes)) {
      send(group, 0, next).forEach(this::park);
    }
  }

  /** A revision too large for one answer is not kept: its watchers get it from the store. */
  private void leaveToStore(Changes changes) {
    recent.skip(changes.revision());
    for (WatchGroup group : live.distribute(List.of(changes))) {
      group.drain();
      for (Watcher watcher : List.copyOf(group.watchers())) {
        if (watcher.next <= changes.revision()) {
          live.remove(watcher);
          watcher.next = changes.revision();
          catchUp(watcher);
        }
      }
    }
  }

  /** Changes were lost: live watchers get them from the store. */
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
   * Sends a group the events that it took.
   *
   * @param header the revision of the responses' headers; 0 for each batch's own last revision
   * @return the watchers whose streams had no room
   */
  static List<Watcher> send(WatchGroup group, long header, long next) {
    WatchBatches batches = new WatchBatches(group.kind(), group.drain(), header);
    List<Watcher> without = new ArrayList<>();
    for (Watcher watcher : group.watchers()) {
      if (!watcher.isOver() && !send(watcher, batches, next)) {
        without.add(watcher);
      }
    }
    return without;
  }

  private static boolean send(Watcher watcher, WatchBatches batches, long next) {
    for (WatchAnswer.Batch batch : batches.from(watcher.next)) {
      if (!watcher.stream().takeRoom(batch.bytes())) {
        watcher.next = Math.max(watcher.next, batch.events().getFirst().revision());
        return false;
      }
      watcher.send(batch);
    }
    watcher.next = Math.max(watcher.next, next);
    return true;
  }

  void park(Watcher watcher) {
    live.remove(watcher);
    backlog.remove(watcher);
    watcher.stream().park(watcher);
  }

  /** Whether an owner may have no further watch, see {@link WatchLimits#watchesBytes}. */
  boolean isFullFor(Object owner) {
    return shares.isFullFor(owner);
  }

  void begun(Watcher watcher) {
    watches++;
    shares.add(watcher.owner(), watcher.bytes());
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

  /** Ends a watch; one that has ended counts no more. */
  void leave(Watcher watcher) {
    if (watcher.state() == Watcher.State.CANCELED) {
      return;
    }
    switch (watcher.state()) {
      case LIVE -> live.remove(watcher);
      case PARKED -> watcher.stream().unpark(watcher);
      case BEHIND -> backlog.remove(watcher);
      case IN_PARTS, COMPACTED, CANCELED -> {}
    }
    watcher.become(Watcher.State.CANCELED);
    watches--;
    shares.remove(watcher.owner(), watcher.bytes());
  }

  /**
   * Sends past events from the recent changes, and begins the next read from the store.
   *
   * @return the read; null when nothing is to be read, or a read is running
   */
  public @Nullable CatchUp beginCatchUp() {
    return backlog.beginNext();
  }

  Backlog backlog() {
    return backlog;
  }

  RecentChanges recent() {
    return recent;
  }

  /** The recent changes from a revision on, equal to those that the store would give. */
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

  /** Sends progress notifications to idle watchers that asked for them; a timer calls this. */
  public void notifyProgress() {
    streams.forEach(WatchStream::notifyProgress);
  }
}
