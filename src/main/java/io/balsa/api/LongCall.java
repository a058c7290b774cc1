package io.balsa.api;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A call that may wait long for its answer, while its client may cancel it. */
final class LongCall {
  private final StreamObserver<?> observer;
  private @Nullable QueueWait turn;
  private boolean cancelled;

  private LongCall(StreamObserver<?> observer) {
    this.observer = observer;
  }

  /** To be called before the call's method returns. */
  static LongCall on(StreamObserver<?> observer) {
    LongCall waiting = new LongCall(observer);
    if (observer instanceof ServerCallStreamObserver<?> call) {
      call.setOnCancelHandler(waiting::cancelled);
    }
    return waiting;
  }

  private void cancelled() {
    QueueWait left;
    synchronized (this) {
      cancelled = true;
      left = turn;
    }
    if (left != null) {
      left.giveUp();
    }
  }

  /** Waits for a place in a queue; ends the wait if the client cancels. */
  CompletableFuture<Void> wait(QueueWait awaited) {
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

  /** Answers the client with a result or a failure. */
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
