package io.balsa.proxy;

import io.balsa.budget.ByteBound;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The watches of a client's stream, by the client's ids; and the unplaced watches, which no server
 * has. Guarded by its {@link ProxiedWatchStream}.
 */
final class ClientWatches {
  private final ByteBound bound;
  private final Map<Long, ProxiedWatch> byId = new HashMap<>();
  private final Set<ProxiedWatch> unplaced = new LinkedHashSet<>();
  private long nextId;

  /** How many watches a server was asked to resume and has not confirmed. */
  private int resuming;

  /** The bytes of all counted watches. */
  private long bytes;

  /**
   * An empty set of watches.
   *
   * @param bound limits the bytes of all clients' watches
   */
  ClientWatches(ByteBound bound) {
    this.bound = bound;
  }

  /**
   * Adds a watch. An id in use stays with its watch.
   *
   * @return false when the watches of all clients have reached the limit; then the watch is not
   *     added
   */
  boolean add(ProxiedWatch watch) {
    if (!bound.take(watch.bytes())) {
      return false;
    }
    bytes += watch.bytes();
    watch.counted = true;
    unplaced.add(watch);
    if (watch.id != 0) {
      byId.merge(watch.id, watch, (now, fresh) -> now.canceling ? fresh : now);
    }
    return true;
  }

  @Nullable ProxiedWatch get(long id) {
    return byId.get(id);
  }

  void remove(ProxiedWatch watch) {
    byId.remove(watch.id, watch);
    unplaced.remove(watch);
    if (watch.counted) {
      watch.counted = false;
      bytes -= watch.bytes();
      bound.giveBack(watch.bytes());
    }
  }

  /** Removes all watches: the client's stream has ended. */
  void end() {
    byId.values().forEach(watch -> watch.counted = false);
    unplaced.forEach(watch -> watch.counted = false);
    byId.clear();
    unplaced.clear();
    bound.giveBack(bytes);
    bytes = 0;
  }

  /** Whether a server has each watch. */
  boolean areAllPlaced() {
    return unplaced.isEmpty();
  }

  /** Whether no server has this watch. */
  boolean isUnplaced(ProxiedWatch watch) {
    return unplaced.contains(watch);
  }

  int unplaced() {
    return unplaced.size();
  }

  /**
   * Whether one server has all watches, so that its progress notification holds for all of them.
   */
  boolean areTogether() {
    return unplaced.isEmpty() && resuming == 0;
  }

  /**
   * Whether an unplaced watch begins at the server's current revision. Then the server must be the
   * leader.
   */
  boolean wantLeader() {
    return unplaced.stream().anyMatch(ProxiedWatch::startsNow);
  }

  /** Creates the unplaced watches at a server. */
  void settle(WatchUpstream at) {
    for (ProxiedWatch watch : new ArrayList<>(unplaced)) {
      if (!watch.waits) {
        settle(at, watch);
      }
    }
  }

  private void settle(WatchUpstream at, ProxiedWatch watch) {
    ProxiedWatch first =
        watch.id == 0 || watch.created ? watch : byId.getOrDefault(watch.id, watch);
    if (first != watch && first.place == 0) {
      return;
    }
    unplaced.remove(watch);
    if (first != watch) {
      at.createAgain(watch, first);
      return;
    }
    at.create(watch);
    resuming += watch.resuming ? 1 : 0;
    if (watch.canceling) {
      at.cancel(watch);
    }
  }

  /** A watch has lost its server, and will resume later. */
  void unsettle(ProxiedWatch watch) {
    unplaced.add(watch);
  }

  /**
   * Watches have lost their server.
   *
   * @param without the watches that the server had, in their order
   * @return the watches that their client has cancelled meanwhile; they are removed
   */
  List<ProxiedWatch> unsettle(List<ProxiedWatch> without) {
    List<ProxiedWatch> later = List.copyOf(unplaced);
    unplaced.clear();
    unplaced.addAll(without);
    unplaced.addAll(later);
    resuming = 0;
    List<ProxiedWatch> canceled =
        without.stream().filter(watch -> watch.canceling && watch.created).toList();
    canceled.forEach(this::remove);
    return canceled;
  }

  /**
   * Notes that a server has answered a creation. Returns whether the client knows the watch
   * already.
   */
  boolean answered(ProxiedWatch watch) {
    if (watch.resuming) {
      watch.resuming = false;
      resuming--;
    }
    return watch.created;
  }

  /** Notes that a watch was created for the first time. */
  void created(ProxiedWatch watch, long revision) {
    watch.created(watch.id == 0 ? freeId() : watch.id, revision);
    byId.put(watch.id, watch);
  }

  /** The next id that no watch of the stream has, as in etcd. */
  private long freeId() {
    while (byId.containsKey(nextId)) {
      nextId++;
    }
    return nextId++;
  }

  /** The client has all events up to a revision. */
  void toldUpTo(long revision) {
    for (ProxiedWatch watch : byId.values()) {
      if (watch.created && !watch.compacted) {
        watch.toldUpTo(revision);
      }
    }
  }
}
