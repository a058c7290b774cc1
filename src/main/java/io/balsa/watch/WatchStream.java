package io.balsa.watch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One client's stream of watches. All methods on the hub's lane. */
public final class WatchStream {
  private final WatchHub hub;
  private final WatchSink sink;
  private final Map<Long, Watcher> watchers = new LinkedHashMap<>();
  private final Set<Watcher> parked = new LinkedHashSet<>();

  /** The large revisions that it is to be told; the first one may be under way. */
  private final ArrayDeque<Telling> tellings = new ArrayDeque<>();

  /** What the client asked while a large revision was under way: few, as it must wait. */
  private final List<Runnable> later = new ArrayList<>();

  private long nextId;
  private int behind;
  private boolean over;

  /** Whether it was told something since the hub's last flush. */
  private boolean told;

  WatchStream(WatchHub hub, WatchSink sink) {
    this.hub = hub;
    this.sink = sink;
  }

  /** Begins a watch, or refuses it; the answer is sent before anything of the watch. */
  public void create(WatchRequest request) {
    inTurn(() -> begin(request));
  }

  /** Nothing comes between the parts of a large revision. */
  private void inTurn(Runnable task) {
    Telling first = tellings.peek();
    if (over) {
      return;
    }
    if (first != null && first.isUnderWay()) {
      later.add(task);
    } else {
      task.run();
    }
  }

  private void begin(WatchRequest request) {
    WatchAnswer.Refusal refusal = refusal(request);
    if (refusal != null) {
      send(new WatchAnswer.Refused(refusal, hub.newest()));
      return;
    }
    long id = request.watchId() == 0 ? freeId() : request.watchId();
    long next = request.startRevision() == 0 ? hub.newest() + 1 : request.startRevision();
    Watcher watcher = new Watcher(this, id, request, next);
    watchers.put(id, watcher);
    hub.begun(watcher);
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
    if (request.watchId() != 0 && watchers.containsKey(request.watchId())) {
      return WatchAnswer.Refusal.DUPLICATE_ID;
    }
    return hub.isFull() ? WatchAnswer.Refusal.TOO_MANY : null;
  }

  private long freeId() {
    while (watchers.containsKey(nextId)) {
      nextId++;
    }
    return nextId++;
  }

  /** Ends a watch; nothing is said of one that is not there. */
  public void cancel(long watchId) {
    inTurn(() -> endWatch(watchId));
  }

  private void endWatch(long watchId) {
    Watcher watcher = watchers.remove(watchId);
    if (watcher != null) {
      hub.leave(watcher);
      tellings.stream().filter(each -> each.watcher() == watcher).toList().forEach(this::told);
      send(new WatchAnswer.Canceled(watchId, hub.newest()));
    }
  }

  /**
   * Says how far the whole stream has been told, if that is one revision: when every watch is up to
   * date and past its start. Otherwise nothing, as etcd, and the client asks again.
   */
  public void progress() {
    inTurn(this::tellProgress);
  }

  private void tellProgress() {
    if (behind > 0) {
      return;
    }
    for (Watcher watcher : watchers.values()) {
      boolean synced = watcher.isToldUpTo(hub.revision());
      if (!synced && watcher.state() != Watcher.State.COMPACTED) {
        return;
      }
    }
    send(new WatchAnswer.Progress(WatchAnswer.NO_WATCH, hub.revision()));
  }

  /** There is room again: who had to wait is told what it missed. */
  public void ready() {
    Telling first = tellings.peek();
    if (first != null) {
      hub.backlog().canGoOn(first);
      return;
    }
    List<Watcher> waited = List.copyOf(parked);
    parked.clear();
    waited.forEach(hub::catchUp);
  }

  /** Ends all watches without a word. */
  public void close() {
    over = true;
    parked.clear();
    later.clear();
    tellings.forEach(hub.backlog()::dropped);
    tellings.clear();
    watchers.values().forEach(hub::leave);
    watchers.clear();
    hub.closed(this);
  }

  /** Ends the stream, whose client wants more. */
  void end(WatchSink.End why) {
    sink.end(why);
    close();
  }

  /** Has a large revision told, after those that it is to be told already. */
  void tell(Telling telling) {
    tellings.add(telling);
    if (tellings.size() == 1) {
      hub.backlog().canGoOn(telling);
    }
  }

  /** A large revision has been told, or need not be; what waited for its end goes on. */
  void told(Telling telling) {
    hub.backlog().dropped(telling);
    boolean wasFirst = tellings.peek() == telling;
    tellings.remove(telling);
    if (wasFirst) {
      List<Runnable> waited = List.copyOf(later);
      later.clear();
      waited.forEach(Runnable::run);
      ready();
    }
  }

  boolean isReady() {
    return !over && tellings.isEmpty() && sink.isReady();
  }

  boolean takeRoom(long bytes) {
    return !over && tellings.isEmpty() && sink.takeRoom(bytes);
  }

  boolean takeRoomForPart(long bytes) {
    return !over && sink.takeRoom(bytes);
  }

  long wholeBytesMax() {
    return sink.wholeBytesMax();
  }

  void send(WatchAnswer answer) {
    sink.send(answer);
    note();
  }

  private void note() {
    if (!told && !over) {
      told = true;
      hub.told(this);
    }
  }

  void flush() {
    told = false;
    if (!over) {
      sink.flush(behind > 0);
    }
  }

  /** Counts its watches that are behind. */
  void countBehind(int more) {
    behind += more;
    if (more < 0 && behind == 0) {
      note();
    }
  }

  void park(Watcher watcher) {
    watcher.become(Watcher.State.PARKED);
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
      if (watcher.progressNotify() && synced && !watcher.told && isReady()) {
        send(new WatchAnswer.Progress(watcher.id(), hub.revision()));
      }
      watcher.told = false;
    }
  }
}
