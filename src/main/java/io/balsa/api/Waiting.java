package io.balsa.api;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A call that may wait long for its answer, and whose client may give up meanwhile. */
final class Waiting {
  private final StreamObserver<?> observer;
  private @Nullable Turn turn;
  private boolean cancelled;

  private Waiting(StreamObserver<?> observer) {
    this.observer = observer;
  }

  /** To be made before the call's method returns. */
  static Waiting on(StreamObserver<?> observer) {
    Waiting waiting = new Waiting(observer);
    if (observer instanceof ServerCallStreamObserver<?> call) {
      call.setOnCancelHandler(waiting::cancelled);
    }
    return waiting;
  }

  private void cancelled() {
    Turn left;
    synchronized (this) {
      cancelled = true;
      left = turn;
    }
    if (left != null) {
      left.giveUp();
    }
  }

  /** Waits for a turn, as long as the client does. */
  CompletableFuture<Void> wait(Turn awaited) {
    boolean late;
    synchronized (this) {
      turn = awaited;
      late = cancelled;
    }
    if (late) {
      awaited.giveUp();
    }
    return awaited.reached();
  }

  /** Answers the client with what comes of it. */
  <R, A> BiConsumer<R, @Nullable Throwable> answer(Function<R, A> translation) {
    @SuppressWarnings("unchecked") // the answer's type is the call's
    StreamObserver<A> to = (StreamObserver<A>) observer;
    return (result, failure) -> {
      if (failure != null) {
        to.onError(NodeCalls.cause(failure));
        return;
      }
      A response;
      try {
        response = translation.apply(result);
      } catch (StatusRuntimeException refusal) { // a result may mean a refusal
        to.onError(refusal);
        return;
      }
      Reply.send(to, response);
    };
  }
}
