package io.balsa.api;

import io.balsa.bytes.Check;
import io.balsa.errors.EtcdError;
import io.balsa.lanes.LostAnswers;
import io.balsa.lanes.Outcome;
import io.balsa.logging.LogEvent;
import io.balsa.model.Result;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers a unary call with the node's outcome, on the lane that brings it. gRPC takes the answer
 * there and the event loop flushes it.
 */
final class Reply<R extends Result, A> implements Consumer<Outcome> {
  private static final LogEvent ENDED = LogEvent.debug("io.balsa.api", "a call had ended");

  private final StreamObserver<A> observer;
  private final @Nullable CallRoom room;
  private final Class<R> kind;
  private final Translation<R, A> translation;

  private Reply(
      StreamObserver<A> observer,
      @Nullable CallRoom room,
      Class<R> kind,
      Translation<R, A> translation) {
    this.observer = observer;
    this.room = room;
    this.kind = kind;
    this.translation = translation;
  }

  /** Makes a response from a result. */
  @FunctionalInterface
  interface Translation<R, A> {
    A translate(R result, long term);
  }

  /**
   * A callback for {@code node}'s methods. To be made before the call's method returns.
   *
   * @param kind the type of the result if the node does not refuse
   */
  static <R extends Result, A> Consumer<Outcome> to(
      StreamObserver<A> observer, Class<R> kind, Translation<R, A> translation) {
    allowCancel(observer);
    return new Reply<>(observer, null, kind, translation);
  }

  /**
   * The same for an answer that needs room.
   *
   * @param room the room that the node gets too
   */
  static <R extends Result, A> Consumer<Outcome> to(
      StreamObserver<A> observer, CallRoom room, Class<R> kind, Translation<R, A> translation) {
    allowCancel(observer);
    return new Reply<>(observer, room, kind, translation);
  }

  /** Allows the service to answer a call that its client has cancelled. */
  static void allowCancel(StreamObserver<?> observer) {
    if (observer instanceof ServerCallStreamObserver<?> call) {
      call.setOnCancelHandler(Reply::nothing);
    }
  }

  private static void nothing() {}

  @Override
  public void accept(Outcome outcome) {
    switch (outcome) {
      case Outcome.Answered(Result.Refused refused, long _) ->
          observer.onError(EtcdError.of(refused.error()).exception());
      case Outcome.Answered(Result result, long term) -> send(result, term);
      case Outcome.Failed(Outcome.Failure failure) -> fail(failure);
    }
  }

  private void fail(Outcome.Failure failure) {
    if (room != null && failure == Outcome.Failure.RESPONSE_TOO_LARGE) {
      room.refusedAsTooLarge();
    }
    observer.onError(EtcdError.of(failure).exception());
  }

  private void send(Result result, long term) {
    Check.that(kind.isInstance(result), "an answer is of its question's kind");
    A response;
    try {
      response = translation.translate(kind.cast(result), term);
    } catch (RuntimeException
        | OutOfMemoryError e) { // thread root: only the call ends, not the lane
      lose(observer, e);
      return;
    }
    send(observer, response);
  }

  /** Sends the whole answer to a call; on any lane. */
  static <A> void send(StreamObserver<A> observer, A response) {
    if (next(observer, response)) {
      observer.onCompleted();
    }
  }

  /**
   * Sends a message of a stream; on any lane.
   *
   * @return whether it was sent; otherwise the call has ended
   */
  static <A> boolean next(StreamObserver<A> observer, A message) {
    try {
      observer.onNext(message);
      return true;
    } catch (RuntimeException
        | OutOfMemoryError e) { // thread root: only the call ends, not the lane
      lose(observer, e);
      return false;
    }
  }

  /** Ends a call whose answer cannot be allocated or encoded. gRPC may have ended it already. */
  private static void lose(StreamObserver<?> observer, Throwable failure) {
    LostAnswers.add(failure);
    try {
      observer.onError(EtcdError.ANSWER_FAILED.exception());
    } catch (IllegalStateException e) {
      ENDED.log("error", e);
    }
  }
}
