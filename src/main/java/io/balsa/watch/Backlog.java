package io.balsa.watch;

import io.balsa.model.Changes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The watchers that are behind, and the next read from the store for them. One read runs at a time.
 * Three kinds of read take turns: past revisions ({@link PastCatchUp}), counting a large revision
 * ({@link DemandCount}, {@link SharedDelivery}), and large revisions in parts ({@link
 * PartsDelivery}).
 */
final class Backlog {
  private final WatchHub hub;
  private final WatchLimits limits;

  /** Watchers that fell behind since {@link #beginNext} ran last. */
  private Set<Watcher> fresh = new LinkedHashSet<>();

  /** Watchers that need events from the store, the longest waiting first. */
  private final Set<Watcher> far = new LinkedHashSet<>();

  /** Passes over large revisions, one after the other. */
  private final ArrayDeque<CatchUp> searches = new ArrayDeque<>();

  /** Large revisions on their way to streams that have room. */
  private final Set<PartsDelivery> deliveries = new LinkedHashSet<>();

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

  int watchers() {
    return fresh.size() + far.size();
  }

  boolean isEmpty() {
    return fresh.isEmpty() && far.isEmpty() && searches.isEmpty() && deliveries.isEmpty();
  }

  /** Sends everything that does not need the store, and begins the next read; null for none. */
  @Nullable CatchUp beginNext() {
    sendRecent(sortFresh());
    if (reading) {
      return null;
    }
    CatchUp next = null;
    for (int i = 0; next == null && i < 3; i++) {
      turn = (turn + 1) % 3;
      next = take(turn);
    }
    reading = next != null;
    return next;
  }

  private @Nullable CatchUp take(int whose) {
    return switch (whose) {
      case 0 -> takePast();
      case 1 -> searches.peek();
      default -> takeDelivery();
    };
  }

  /** The running read has ended. */
  void over() {
    reading = false;
  }

  /** Moves watchers that need the store to {@link #far}; returns the others. */
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

  private void sendRecent(List<Watcher> near) {
    if (near.isEmpty()) {
      return;
    }
    long from = hub.revision();
    for (Watcher watcher : near) {
      from = Math.min(from, watcher.next);
    }
    PastCatchUp past = new PastCatchUp(this, from, near);
    send(past, hub.recentFrom(from), hub.revision(), hub.revision() + 1);
  }

  /**
   * A read begins in turn at the revision of the watcher that waits longest, and at that of the one
   * that is furthest behind. Watchers with a later revision join it.
   */
  private @Nullable CatchUp takePast() {
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
    return new PastCatchUp(this, from, ready.stream().filter(w -> w.next >= first).toList());
  }

  /** Whether a watcher's next revision is a large deletion that is not swept yet. */
  private boolean isUnswept(Watcher watcher) {
    return hub.unswept().firstUnswept(watcher.next, watcher.kind().span()) == watcher.next;
  }

  void caughtUp(PastCatchUp past, PastChanges history) {
    hub.noteRead(history.revision(), history.compactRevision());
    send(past, history.changes(), history.revision(), history.next());
    if (history.large()) {
      search(history.next(), past.watchers());
    }
  }

  /** Sends watchers that are behind their events, up to {@code next}. */
  private void send(PastCatchUp past, List<Changes> changes, long header, long next) {
    for (WatchGroup group : past.groups().distribute(changes)) {
      send(group, header, next);
    }
    for (Watcher watcher : past.watchers()) {
      if (watcher.state() == Watcher.State.BEHIND) {
        moveTo(watcher, next);
      }
    }
  }

  /** Sends a group's events to its watchers that are still behind. */
  private void send(WatchGroup group, long header, long next) {
    group.watchers().removeIf(watcher -> watcher.state() != Watcher.State.BEHIND);
    WatchHub.send(group, header, next).forEach(hub::park);
  }

  private void moveTo(Watcher watcher, long next) {
    watcher.next = Math.max(watcher.next, next);
    remove(watcher);
    hub.enter(watcher);
  }

  /** Starts counting a large revision for the watchers that have it next. */
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
      searches.add(new DemandCount(this, revision, those));
    }
  }

  /** The pass at the head is done; others take its place. */
  void found(List<? extends CatchUp> next) {
    searches.remove();
    next.reversed().forEach(searches::addFirst);
  }

  /** Watchers of a pass that still wait start again. */
  void again(List<Watcher> watchers) {
    for (Watcher watcher : watchers) {
      if (watcher.state() == Watcher.State.IN_PARTS) {
        hub.catchUp(watcher);
      }
    }
  }

  /** Sends a group its share of a large revision, as a whole. */
  void sendWhole(WatchGroup group, long revision) {
    group.watchers().removeIf(watcher -> watcher.state() != Watcher.State.IN_PARTS);
    WatchHub.send(group, hub.newest(), revision + 1).forEach(hub::park);
  }

  /** Watchers that still wait are past a revision. */
  void passed(Iterable<Watcher> watchers, long revision) {
    for (Watcher watcher : watchers) {
      if (watcher.state() == Watcher.State.IN_PARTS) {
        moveTo(watcher, revision + 1);
      }
    }
  }

  /** The stream of a delivery may have room. */
  void canGoOn(PartsDelivery delivery) {
    deliveries.add(delivery);
  }

  void dropped(PartsDelivery delivery) {
    deliveries.remove(delivery);
  }

  /** Takes the next delivery whose stream has room; the others wait for room. */
  private @Nullable CatchUp takeDelivery() {
    while (!deliveries.isEmpty()) {
      PartsDelivery first = deliveries.iterator().next();
      deliveries.remove(first);
      if (first.tryTakeRoom()) {
        return first;
      }
    }
    return null;
  }
}
