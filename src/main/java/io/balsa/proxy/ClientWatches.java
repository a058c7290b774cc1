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
 * The watches of a client's stream: by the ids that the client knows, and those that no server has.
 * Guarded by its {@link ProxiedWatchStream}.
 */
final class ClientWatches {
  private final ByteBound bound;
  private final Map<Long, ProxiedWatch> byId = new HashMap<>();
  private final Set<ProxiedWatch> unplaced = new LinkedHashSet<>();
  private long nextId;

  /** How many a server was asked to go on with and has not answered for. */
  private int resuming;

  /** The bytes of all that are counted. */
  private long bytes;

  /**
   * None yet.
   *
   * @param bound of the bytes of all clients' watches
   */
  ClientWatches(ByteBound bound) {
    this.bound = bound;
  }

  /**
   * A client asks for one. An id that is taken stays with the watch that has it.
   *
   * @return false when all clients' watches take as much as they may: it is not there
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

  /** The client's stream has ended: none is kept. */
  void end() {
    byId.values().forEach(watch -> watch.counted = false);
    unplaced.forEach(watch -> watch.counted = false);
    byId.clear();
    unplaced.clear();
    bound.giveBack(bytes);
    bytes = 0;
  }

  /** Whether a server has each, but for those not there yet. */
  boolean areAllPlaced() {
    return unplaced.isEmpty();
  }

  /** Whether no server has one that is there. */
  boolean isUnplaced(ProxiedWatch watch) {
    return unplaced.contains(watch);
  }

  int unplaced() {
    return unplaced.size();
  }

  /** Whether what one server says of its whole stream is true of all of them. */
  boolean areTogether() {
    return unplaced.isEmpty() && resuming == 0;
  }

  /** Whether one without a server begins where its server is: that must be the leader. */
  boolean wantLeader() {
    return unplaced.stream().anyMatch(ProxiedWatch::startsNow);
  }

  /** Has a server take those that none has. */
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

  /** One is given up by its server, and is to go on later. */
  void unsettle(ProxiedWatch watch) {
    unplaced.add(watch);
  }

  /**
   * No server has them any more.
   *
   * @param without those that one had, in their order
   * @return those that their client has ended meanwhile: they are gone
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

  /** A server answered for one: whether the client knows it from before. */
  boolean answered(ProxiedWatch watch) {
    if (watch.resuming) {
      watch.resuming = false;
      resuming--;
    }
    return watch.created;
  }

  /** One is there, for the first time. */
  void created(ProxiedWatch watch, long revision) {
    watch.created(watch.id == 0 ? freeId() : watch.id, revision);
    byId.put(watch.id, watch);
  }

  /** As etcd: the next id that no watch of the stream has. */
  private long freeId() {
    while (byId.containsKey(nextId)) {
      nextId++;
    }
    return nextId++;
  }

  /** The client has been told of everything up to a revision. */
  void toldUpTo(long revision) {
    for (ProxiedWatch watch : byId.values()) {
      if (watch.created && !watch.compacted) {
        watch.toldUpTo(revision);
      }
    }
  }
}
