package io.balsa.watch;

import io.balsa.model.Changes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The watchers that are behind, and what is read of the past for them: one piece at a time, and in
 * turn the past in general, what a large revision has for whom, and the large revisions that
 * streams are being told.
 */
final class Backlog {
  private final WatchHub hub;
  private final WatchLimits limits;

  /** Who fell behind since the last look. */
  private Set<Watcher> fresh = new LinkedHashSet<>();

  /** Who is to be told from the store, the longest waiting first. */
  private final Set<Watcher> far = new LinkedHashSet<>();

  /** What is looked for in large revisions, one after the other. */
  private final ArrayDeque<CatchUp> searches = new ArrayDeque<>();

  /** The large revisions that are being told to streams with room. */
  private final Set<Telling> tellings = new LinkedHashSet<>();

  private boolean reading;
  private int turn;
  private boolean lowest;

  Backlog(WatchHub hub, WatchLimits limits) {
    this.hub = hub;
    this.limits = limits;
  }

  WatchLimits limits() {
    return limits;
  }

  WatchHub hub() {
    return hub;
  }

  void add(Watcher watcher) {
    fresh.add(watcher);
  }

  void remove(Watcher watcher) {
    fresh.remove(watcher);
    far.remove(watcher);
  }

  boolean isEmpty() {
    return fresh.isEmpty() && far.isEmpty() && searches.isEmpty() && tellings.isEmpty();
  }

  /** Tells what can be told without the store, and says what is to be read from it. */
  @Nullable CatchUp next() {
    tellRecent(sortFresh());
    if (reading) {
      return null;
    }
    CatchUp next = null;
    for (int i = 0; next == null && i < 3; i++) {
      turn = (turn + 1) % 3;
      next = next(turn);
    }
    reading = next != null;
    return next;
  }

  private @Nullable CatchUp next(int whose) {
    return switch (whose) {
      case 0 -> past();
      case 1 -> searches.peek();
      default -> telling();
    };
  }

  /** A reading has come back. */
  void over() {
    reading = false;
  }

  /** Of those who fell behind, those who need not go to the store. */
  private List<Watcher> sortFresh() {
    List<Watcher> near = new ArrayList<>();
    Set<Watcher> those = fresh;
    fresh = new LinkedHashSet<>();
    for (Watcher watcher : those) {
      if (!watcher.stream().isReady()) {
        hub.park(watcher);
      } else if (hub.isForgotten(watcher.next)) {
        hub.endCompacted(watcher);
      } else if (hub.recent().covers(watcher.next)) {
        near.add(watcher);
      } else {
        far.add(watcher);
      }
    }
    return near;
  }

  private void tellRecent(List<Watcher> near) {
    if (near.isEmpty()) {
      return;
    }
    long from = hub.revision();
    for (Watcher watcher : near) {
      from = Math.min(from, watcher.next);
    }
    PastReading past = new PastReading(this, from, near);
    tell(past, hub.recentFrom(from), hub.revision(), hub.revision() + 1);
  }

  /**
   * The longest waiting one and the one who is furthest behind say in turn where to begin; who is
   * further comes along.
   */
  private @Nullable CatchUp past() {
    List<Watcher> ready = new ArrayList<>(far.size());
    List.copyOf(far)
        .forEach(
            watcher -> {
              if (!watcher.stream().isReady()) {
                hub.park(watcher);
              } else if (!isUnswept(watcher)) {
                ready.add(watcher);
              }
            });
    if (ready.isEmpty()) {
      return null;
    }
    lowest = !lowest;
    long from = ready.getFirst().next;
    for (int i = 1; lowest && i < ready.size(); i++) {
      from = Math.min(from, ready.get(i).next);
    }
    long first = from;
    return new PastReading(this, from, ready.stream().filter(w -> w.next >= first).toList());
  }

  /** Whether the next thing to tell a watcher is a large deletion of which not all is swept. */
  private boolean isUnswept(Watcher watcher) {
    return hub.unswept().firstUnswept(watcher.next, watcher.kind().span()) == watcher.next;
  }

  void caughtUp(PastReading past, PastChanges history) {
    hub.knows(history.revision(), history.compactRevision());
    tell(past, history.changes(), history.revision(), history.next());
    if (history.large()) {
      search(history.next(), past.watchers());
    }
  }

  /** Tells watchers that are behind what changed up to a revision that they are told next. */
  private void tell(PastReading past, List<Changes> changes, long header, long next) {
    for (WatchGroup group : past.groups().distribute(changes)) {
      tell(group, header, next);
    }
    for (Watcher watcher : past.watchers()) {
      if (watcher.state() == Watcher.State.BEHIND) {
        tellUpTo(watcher, next);
      }
    }
  }

  /** Tells those of a group who are still behind. */
  private void tell(WatchGroup group, long header, long next) {
    group.watchers().removeIf(watcher -> watcher.state() != Watcher.State.BEHIND);
    WatchHub.tell(group, header, next).forEach(hub::park);
  }

  private void tellUpTo(Watcher watcher, long next) {
    watcher.next = Math.max(watcher.next, next);
    remove(watcher);
    hub.enter(watcher);
  }

  /** Has it looked for what a large revision has for those watchers whose turn it is. */
  private void search(long revision, List<Watcher> watchers) {
    List<Watcher> those = new ArrayList<>();
    for (Watcher watcher : watchers) {
      if (watcher.state() == Watcher.State.BEHIND && watcher.next == revision) {
        remove(watcher);
        watcher.become(Watcher.State.IN_PARTS);
        those.add(watcher);
      }
    }
    if (!those.isEmpty()) {
      searches.add(new Census(this, revision, those));
    }
  }

  /** The search at the head is over; others take its place. */
  void found(List<? extends CatchUp> next) {
    searches.remove();
    next.reversed().forEach(searches::addFirst);
  }

  /** Those of a search that still wait are looked at anew. */
  void again(List<Watcher> watchers) {
    for (Watcher watcher : watchers) {
      if (watcher.state() == Watcher.State.IN_PARTS) {
        hub.catchUp(watcher);
      }
    }
  }

  /** Tells a group what it took of a large revision, which is not too large for it. */
  void tellWhole(WatchGroup group, long revision) {
    group.watchers().removeIf(watcher -> watcher.state() != Watcher.State.IN_PARTS);
    WatchHub.tell(group, hub.newest(), revision + 1).forEach(hub::park);
  }

  /** They have been told of a revision, those at least who still wait. */
  void passed(Iterable<Watcher> watchers, long revision) {
    for (Watcher watcher : watchers) {
      if (watcher.state() == Watcher.State.IN_PARTS) {
        tellUpTo(watcher, revision + 1);
      }
    }
  }

  /** Its stream may have room. */
  void canGoOn(Telling telling) {
    tellings.add(telling);
  }

  void dropped(Telling telling) {
    tellings.remove(telling);
  }

  /** The next one whose stream has room; the others are told when they have. */
  private @Nullable CatchUp telling() {
    while (!tellings.isEmpty()) {
      Telling first = tellings.iterator().next();
      tellings.remove(first);
      if (first.takesRoom()) {
        return first;
      }
    }
    return null;
  }
}
