package io.balsa.access;

import io.balsa.errors.EtcdError;
import io.balsa.node.Node;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
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

  private static final Duration WAIT_MAX = Duration.ofSeconds(1);
  private static final AtomicInteger WAITING = new AtomicInteger();

  private static final LongAdder REFUSED = new LongAdder();

  private final Queue<Consumer<ServerCall.Listener<Q>>> waiting = new ArrayDeque<>();
  private ServerCall.@Nullable Listener<Q> begun;
  private boolean cancelled;

  private WaitingCall() {}

  /**
   * Begins a call when this server has applied an index, or refuses it after a second.
   *
   * @param next begins the call
   */
  static <Q> ServerCall.Listener<Q> begin(
      ServerCall<Q, ?> call, Node node, long index, Supplier<ServerCall.Listener<Q>> next) {
    WaitingCall<Q> waiting = new WaitingCall<>();
    if (WAITING.incrementAndGet() > WAITING_MAX) {
      WAITING.decrementAndGet();
      REFUSED.increment();
      call.close(EtcdError.TOO_MANY_REQUESTS.status(), new Metadata());
      return waiting;
    }
    Context context = Context.current();
    node.whenApplied(
        index,
        WAIT_MAX,
        () -> {
          WAITING.decrementAndGet();
          context.run(() -> waiting.begin(call, next));
        },
        failure -> {
          WAITING.decrementAndGet();
          call.close(EtcdError.of(failure).status(), new Metadata());
        });
    return waiting;
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
