package io.balsa.api;

import io.balsa.bytes.Check;
import io.balsa.kv.Result;
import io.balsa.node.Outcome;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.function.Consumer;

/**
 * Answers a unary call with what the node says, on whichever lane says it: gRPC takes it there and
 * the event loop flushes, with no further hop.
 */
final class Reply<R extends Result, A> implements Consumer<Outcome> {
  private final StreamObserver<A> observer;
  private final Class<R> kind;
  private final Translation<R, A> translation;

  private Reply(StreamObserver<A> observer, Class<R> kind, Translation<R, A> translation) {
    this.observer = observer;
    this.kind = kind;
    this.translation = translation;
  }

  /** Makes a response of a result. */
  @FunctionalInterface
  interface Translation<R, A> {
    A translate(R result, long term);
  }

  /**
   * A reply for {@code node}'s methods. To be made before the call's method returns.
   *
   * @param kind what the node answers when it does not refuse
   */
  static <R extends Result, A> Consumer<Outcome> to(
      StreamObserver<A> observer, Class<R> kind, Translation<R, A> translation) {
    allowCancel(observer);
    return new Reply<>(observer, kind, translation);
  }

  /** Answering a call that its client has given up is no error from here on. */
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
      case Outcome.Failed(Outcome.Failure failure) ->
          observer.onError(EtcdError.of(failure).exception());
    }
  }

  private void send(Result result, long term) {
    Check.that(kind.isInstance(result), "an answer is of its question's kind");
    send(observer, translation.translate(kind.cast(result), term));
  }

  static <A> void send(StreamObserver<A> observer, A response) {
    observer.onNext(response);
    observer.onCompleted();
  }
}
