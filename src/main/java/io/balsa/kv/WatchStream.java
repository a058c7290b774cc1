package io.balsa.kv;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One client's stream of watches. All methods on the hub's lane. */
public final class WatchStream {
  private final WatchHub hub;
  private final WatchSink sink;
  private final Map<Long, Watcher> watchers = new LinkedHashMap<>();
  private final List<Watcher> parked = new ArrayList<>();
  private long nextId;

  /** Whether it was told something since the hub's last flush. */
  private boolean told;

  WatchStream(WatchHub hub, WatchSink sink) {
    this.hub = hub;
    this.sink = sink;
  }

  /** Begins a watch, or refuses it; the answer is sent before the call returns. */
  public void create(WatchRequest request) {
    WatchAnswer.Refusal refusal = refusal(request);
    if (refusal != null) {
      send(new WatchAnswer.Refused(refusal, hub.newest()));
      return;
    }
    long id = request.watchId() == 0 ? freeId() : request.watchId();
    long next = request.startRevision() == 0 ? hub.newest() + 1 : request.startRevision();
    Watcher watcher = new Watcher(this, id, request, next);
    watchers.put(id, watcher);
    send(new WatchAnswer.Created(id, hub.newest()));
    hub.enter(watcher);
  }

  private WatchAnswer.@Nullable Refusal refusal(WatchRequest request) {
    if (request.startRevision() < 0) {
      return WatchAnswer.Refusal.NEGATIVE_START;
    }
    if (request.span().isEmpty()) {
      return WatchAnswer.Refusal.EMPTY_RANGE;
    }
    boolean taken = request.watchId() != 0 && watchers.containsKey(request.watchId());
    return taken ? WatchAnswer.Refusal.DUPLICATE_ID : null;
  }

  private long freeId() {
    while (watchers.containsKey(nextId)) {
      nextId++;
    }
    return nextId++;
  }

  /** Ends a watch; nothing is said of one that is not there. */
  public void cancel(long watchId) {
    Watcher watcher = watchers.remove(watchId);
    if (watcher != null) {
      hub.leave(watcher);
      send(new WatchAnswer.Canceled(watchId, hub.newest()));
    }
  }

  /**
   * Says how far the whole stream has been told, if that is one revision: when every watch is up to
   * date and past its start. Otherwise nothing, as etcd, and the client asks again.
   */
  public void progress() {
    for (Watcher watcher : watchers.values()) {
      boolean synced = watcher.isToldUpTo(hub.revision());
      if (!synced && watcher.state != Watcher.State.COMPACTED) {
        return;
      }
    }
    send(new WatchAnswer.Progress(WatchAnswer.NO_WATCH, hub.revision()));
  }

  /** There is room again: who had to wait is told what it missed. */
  public void ready() {
    List<Watcher> waited = List.copyOf(parked);
    parked.clear();
    waited.forEach(hub::catchUp);
  }

  /** Ends all watches without a word. */
  public void close() {
    parked.clear();
    watchers.values().forEach(hub::leave);
    watchers.clear();
    hub.closed(this);
  }

  boolean isReady() {
    return sink.isReady();
  }

  void send(WatchAnswer answer) {
    sink.send(answer);
    if (!told) {
      told = true;
      hub.told(this);
    }
  }

  void flush() {
    told = false;
    sink.flush();
  }

  void park(Watcher watcher) {
    watcher.state = Watcher.State.PARKED;
    parked.add(watcher);
  }

  void unpark(Watcher watcher) {
    parked.remove(watcher);
  }

  Collection<Watcher> watchers() {
    return watchers.values();
  }

  /** Tells idle watches that asked for it how far the store is. */
  void notifyProgress() {
    for (Watcher watcher : watchers.values()) {
      boolean synced = watcher.isToldUpTo(hub.revision());
      if (watcher.progressNotify() && synced && !watcher.told && sink.isReady()) {
        send(new WatchAnswer.Progress(watcher.id(), hub.revision()));
      }
      watcher.told = false;
    }
  }
}
