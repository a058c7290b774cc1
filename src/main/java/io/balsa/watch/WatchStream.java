package io.balsa.watch;

import io.balsa.model.Caller;
import io.balsa.model.KvError;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The state of one client's stream of watches. The watch lane calls all methods. */
public final class WatchStream {
  private final WatchHub hub;
  private final WatchSink sink;
  private final Map<Long, Watcher> watchers = new LinkedHashMap<>();
  private final Set<Watcher> parked = new LinkedHashSet<>();

  /** Large revisions to send; some parts of the first one may have been sent. */
  private final ArrayDeque<PartsDelivery> deliveries = new ArrayDeque<>();

  /** Client requests that wait for the last part of a large revision; a client sends few. */
  private final List<Runnable> later = new ArrayList<>();

  private long nextId;
  private int behind;
  private boolean over;

  /** Whether the stream is among those that the hub flushes next. */
  private boolean awaitsFlush;

  WatchStream(WatchHub hub, WatchSink sink) {
    this.hub = hub;
    this.sink = sink;
  }

  /** Creates a watch, or refuses it; the answer comes before all events of the watch. */
  public void create(Caller caller, WatchRequest request) {
    inTurn(() -> begin(caller, request));
  }

  /** Refuses a watch for a reason that was found before it came here. */
  public void refuse(WatchAnswer.Refusal reason) {
    inTurn(() -> send(new WatchAnswer.Refused(reason, hub.newest())));
  }

  /** Runs a task, but not between the parts of a large revision. */
  private void inTurn(Runnable task) {
    PartsDelivery first = deliveries.peek();
    if (over) {
      return;
    }
    if (first != null && first.isUnderWay()) {
      later.add(task);
    } else {
      task.run();
    }
  }

  private void begin(Caller caller, WatchRequest request) {
    KvError denied = hub.judge(caller, request.span());
    WatchAnswer.@Nullable Refusal denial = denied == null ? null : WatchAnswer.Refusal.of(denied);
    WatchAnswer.@Nullable Refusal refusal = denial == null ? refusal(caller, request) : denial;
    if (denial != null || refusal == null) {
      sink.judged(caller, request.span(), denial);
    }
    if (refusal != null) {
      send(new WatchAnswer.Refused(refusal, hub.newest()));
      return;
    }
    long id = request.watchId() == 0 ? freeId() : request.watchId();
    long next = request.startRevision() == 0 ? hub.newest() + 1 : request.startRevision();
    Watcher watcher = new Watcher(this, id, caller, request, next);
    watchers.put(id, watcher);
    hub.begun(watcher);
    send(new WatchAnswer.Created(id, hub.newest()));
    hub.enter(watcher);
  }

  private WatchAnswer.@Nullable Refusal refusal(Caller caller, WatchRequest request) {
    if (request.startRevision() < 0) {
      return WatchAnswer.Refusal.NEGATIVE_START;
    }
    if (request.span().isEmpty()) {
      return WatchAnswer.Refusal.EMPTY_RANGE;
    }
    if (request.watchId() != 0 && watchers.containsKey(request.watchId())) {
      return WatchAnswer.Refusal.DUPLICATE_ID;
    }
    return hub.isFullFor(ownerOf(caller)) ? WatchAnswer.Refusal.TOO_MANY : null;
  }

  /** Whose part of all watches counts: a user's, or this stream's if there is no user. */
  Object ownerOf(Caller caller) {
    return caller.user().isEmpty() ? this : caller.user();
  }

  private long freeId() {
    while (watchers.containsKey(nextId)) {
      nextId++;
    }
    return nextId++;
  }

  /** Cancels a watch; an unknown id gets no answer, as in etcd. */
  public void cancel(long watchId) {
    inTurn(() -> endWatch(watchId));
  }

  private void endWatch(long watchId) {
    end(watchId, new WatchAnswer.Canceled(watchId, hub.newest()));
  }

  private void end(long watchId, WatchAnswer last) {
    Watcher watcher = watchers.remove(watchId);
    if (watcher != null) {
      hub.leave(watcher);
      deliveries.stream()
          .filter(each -> each.watcher() == watcher)
          .toList()
          .forEach(this::deliveryOver);
      send(last);
    }
  }

  /** Ends the watches whose callers may not read their keys any more. */
  void judge() {
    for (Watcher watcher : List.copyOf(watchers.values())) {
      KvError denied = hub.judge(watcher.caller(), watcher.kind().span());
      boolean ended =
          switch (watcher.state()) {
            case COMPACTED, CANCELED -> true;
            case LIVE, PARKED, BEHIND, IN_PARTS -> over;
          };
      if (denied != null && !ended) {
        revoke(watcher, WatchAnswer.Refusal.of(denied));
      }
    }
  }

  /** A watch that has got some parts of a revision must not get the others: its stream ends. */
  private void revoke(Watcher watcher, WatchAnswer.Refusal reason) {
    sink.judged(watcher.caller(), watcher.kind().span(), reason);
    PartsDelivery first = deliveries.peek();
    if (first != null && first.isUnderWay() && first.watcher() == watcher) {
      end(WatchSink.End.CUT_SHORT);
    } else {
      hub.leave(watcher);
      inTurn(() -> end(watcher.id(), new WatchAnswer.Revoked(watcher.id(), reason, hub.newest())));
    }
  }

  /**
   * Sends a progress notification for the whole stream if every watch is up to date and past its
   * start revision. Otherwise, and without a watch, it sends nothing, as etcd, and the client asks
   * again.
   */
  public void progress() {
    inTurn(this::sendProgress);
  }

  private void sendProgress() {
    if (behind > 0 || watchers.isEmpty()) {
      return;
    }
    for (Watcher watcher : watchers.values()) {
      boolean synced = watcher.hasEventsUpTo(hub.revision());
      if (!synced && watcher.state() != Watcher.State.COMPACTED) {
        return;
      }
    }
    send(new WatchAnswer.Progress(WatchAnswer.NO_WATCH, hub.revision()));
  }

  /** There is room again: watchers that waited for it catch up. */
  public void ready() {
    PartsDelivery first = deliveries.peek();
    if (first != null) {
      hub.backlog().canGoOn(first);
      return;
    }
    List<Watcher> waited = List.copyOf(parked);
    parked.clear();
    waited.forEach(hub::catchUp);
  }

  /** Ends all watches; sends nothing. */
  public void close() {
    over = true;
    parked.clear();
    later.clear();
    deliveries.forEach(hub.backlog()::dropped);
    deliveries.clear();
    watchers.values().forEach(hub::leave);
    watchers.clear();
    hub.closed(this);
  }

  /** Ends the stream for a reason of the server's. */
  void end(WatchSink.End why) {
    sink.end(why);
    close();
  }

  /** Queues a large revision behind those that wait already. */
  void deliver(PartsDelivery delivery) {
    deliveries.add(delivery);
    if (deliveries.size() == 1) {
      hub.backlog().canGoOn(delivery);
    }
  }

  /** A large revision was sent, or is not wanted any more; waiting tasks run. */
  void deliveryOver(PartsDelivery delivery) {
    hub.backlog().dropped(delivery);
    boolean wasFirst = deliveries.peek() == delivery;
    deliveries.remove(delivery);
    if (wasFirst) {
      List<Runnable> waited = List.copyOf(later);
      later.clear();
      waited.forEach(Runnable::run);
      ready();
    }
  }

  boolean isReady() {
    return !over && deliveries.isEmpty() && sink.isReady();
  }

  boolean takeRoom(long bytes) {
    return !over && deliveries.isEmpty() && sink.takeRoom(bytes);
  }

  boolean takeRoomForPart(long bytes) {
    return !over && sink.takeRoom(bytes);
  }

  long messageBytesMax() {
    return sink.messageBytesMax();
  }

  void send(WatchAnswer answer) {
    sink.send(answer);
    flushLater();
  }

  private void flushLater() {
    if (!awaitsFlush && !over) {
      awaitsFlush = true;
      hub.flushLater(this);
    }
  }

  void flush() {
    awaitsFlush = false;
    if (!over) {
      sink.flush(behind > 0);
    }
  }

  /** Adds to the number of its watches that are behind. */
  void countBehind(int more) {
    behind += more;
    if (more < 0 && behind == 0) {
      flushLater();
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

  /** Sends progress notifications to idle watches that asked for them. */
  void notifyProgress() {
    for (Watcher watcher : watchers.values()) {
      boolean synced = watcher.hasEventsUpTo(hub.revision());
      if (watcher.progressNotify() && synced && !watcher.gotEvents && isReady()) {
        send(new WatchAnswer.Progress(watcher.id(), hub.revision()));
      }
      watcher.gotEvents = false;
    }
  }
}
