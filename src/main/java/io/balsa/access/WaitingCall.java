package io.balsa.access;

import io.balsa.errors.EtcdError;
import io.balsa.lanes.Outcome;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A call that begins later. What its client does meanwhile is kept and done then: a client has at
 * most one message under way before the service asks for more.
 */
final class WaitingCall<Q> extends ServerCall.Listener<Q> {
  private final Queue<Consumer<ServerCall.Listener<Q>>> waiting = new ArrayDeque<>();
  private ServerCall.@Nullable Listener<Q> begun;

  private WaitingCall() {}

  /**
   * Begins a call when a wait is over.
   *
   * @param wait gets what to do when it is over, and what to do when it failed
   */
  static <Q> ServerCall.Listener<Q> begin(
      ServerCall<Q, ?> call,
      BiConsumer<Runnable, Consumer<Outcome.Failure>> wait,
      Supplier<ServerCall.Listener<Q>> next) {
    WaitingCall<Q> waiting = new WaitingCall<>();
    Context context = Context.current();
    wait.accept(
        () -> context.run(() -> waiting.begin(next)),
        failure -> call.close(EtcdError.of(failure).status(), new Metadata()));
    return waiting;
  }

  private synchronized void begin(Supplier<ServerCall.Listener<Q>> next) {
    ServerCall.Listener<Q> listener = next.get();
    waiting.forEach(each -> each.accept(listener));
    waiting.clear();
    begun = listener;
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
  public void onCancel() {
    tell(ServerCall.Listener::onCancel);
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
