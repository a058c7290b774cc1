package io.balsa.access;

import io.balsa.errors.EtcdError;
import io.balsa.lanes.Outcome;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A call that begins later. What its client does meanwhile is kept and done then: a client has at
 * most one message under way before the service asks for more.
 */
final class WaitingCall<Q> extends ServerCall.Listener<Q> {
  /** Calls that may wait at a time: anybody can send a token that makes a call wait. */
  private static final int WAITING_MAX = 1_000;

  /** So that one client does not take the places of all. */
  private static final int OF_CONNECTION_MAX = WAITING_MAX / 4;

  private static final Duration WAIT_MAX = Duration.ofSeconds(1);
  private static final AtomicInteger WAITING = new AtomicInteger();
  private static final Map<Object, Integer> OF_CONNECTIONS = new ConcurrentHashMap<>();

  private static final LongAdder REFUSED = new LongAdder();

  private final Queue<Consumer<ServerCall.Listener<Q>>> waiting = new ArrayDeque<>();
  private ServerCall.@Nullable Listener<Q> begun;
  private final Object connection;
  private final AtomicBoolean hasPlace = new AtomicBoolean();
  private boolean cancelled;

  private WaitingCall(Object connection) {
    this.connection = connection;
  }

  /** Tells when a server has applied an index, or that it has not in time. */
  @FunctionalInterface
  interface Applied {
    void when(long index, Duration limit, Runnable done, Consumer<Outcome.Failure> failed);
  }

  /**
   * Begins a call when this server has applied an index, or refuses it after a second.
   *
   * @param next begins the call
   */
  static <Q> ServerCall.Listener<Q> begin(
      ServerCall<Q, ?> call, Applied node, long index, Supplier<ServerCall.Listener<Q>> next) {
    SocketAddress from = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    WaitingCall<Q> waiting = new WaitingCall<>(from == null ? "" : from);
    if (!waiting.takePlace()) {
      REFUSED.increment();
      call.close(EtcdError.TOO_MANY_REQUESTS.status(), new Metadata());
      return waiting;
    }
    Context context = Context.current();
    node.when(
        index,
        WAIT_MAX,
        () -> {
          waiting.leavePlace();
          context.run(() -> waiting.begin(call, next));
        },
        failure -> {
          waiting.leavePlace();
          call.close(EtcdError.of(failure).status(), new Metadata());
        });
    return waiting;
  }

  private boolean takePlace() {
    boolean own = OF_CONNECTIONS.merge(connection, 1, Integer::sum) <= OF_CONNECTION_MAX;
    boolean all = WAITING.incrementAndGet() <= WAITING_MAX;
    hasPlace.set(true);
    if (!own || !all) {
      leavePlace();
    }
    return own && all;
  }

  /** Gives the place back, once. */
  private void leavePlace() {
    if (hasPlace.compareAndSet(true, false)) {
      WAITING.decrementAndGet();
      OF_CONNECTIONS.computeIfPresent(connection, (_, count) -> count > 1 ? count - 1 : null);
    }
  }

  /** How many calls of this process were refused because too many waited. */
  static long refused() {
    return REFUSED.sum();
  }

  private synchronized void begin(ServerCall<Q, ?> call, Supplier<ServerCall.Listener<Q>> next) {
    if (cancelled) {
      return; // nothing of it has begun
    }
    try {
      ServerCall.Listener<Q> listener = next.get();
      waiting.forEach(each -> each.accept(listener));
      begun = listener;
    } catch (RuntimeException e) { // thread root: a failing service fails its call alone
      call.close(Status.fromThrowable(e), new Metadata());
    } finally {
      waiting.clear();
    }
  }

  private synchronized void tell(Consumer<ServerCall.Listener<Q>> event) {
    if (begun == null) {
      waiting.add(event);
    } else {
      event.accept(begun);
    }
  }

  @Override
  public void onMessage(Q message) {
    tell(listener -> listener.onMessage(message));
  }

  @Override
  public void onHalfClose() {
    tell(ServerCall.Listener::onHalfClose);
  }

  @Override
  public synchronized void onCancel() {
    if (begun == null) {
      cancelled = true;
      leavePlace();
    } else {
      begun.onCancel();
    }
  }

  @Override
  public void onComplete() {
    tell(ServerCall.Listener::onComplete);
  }

  @Override
  public void onReady() {
    tell(ServerCall.Listener::onReady);
  }
}
