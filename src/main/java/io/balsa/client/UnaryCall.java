package io.balsa.client;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/** One request to one server, which ends with one answer or one failure. */
final class UnaryCall<A> extends ClientCall.Listener<A> {
  /** How it ends; called once, on an event loop. */
  interface Ending<A> {
    void answered(A answer);

    void failed(Status status, boolean sent);
  }

  private final Endpoint endpoint;
  private final SentMark mark;
  private final Ending<A> ending;
  private @Nullable A answer;

  private UnaryCall(Endpoint endpoint, SentMark mark, Ending<A> ending) {
    this.endpoint = endpoint;
    this.mark = mark;
    this.ending = ending;
  }

  static <Q, A> void make(
      Endpoint endpoint,
      MethodDescriptor<Q, A> method,
      Q request,
      Metadata headers,
      long timeoutNanos,
      Ending<A> ending) {
    SentMark mark = new SentMark();
    ClientCall<Q, A> call = endpoint.call(method, mark, timeoutNanos);
    call.start(new UnaryCall<>(endpoint, mark, ending), headers);
    call.request(2);
    call.sendMessage(request);
    call.halfClose();
  }

  @Override
  public void onHeaders(Metadata headers) {
    endpoint.heard(headers);
  }

  @Override
  public void onMessage(A message) {
    endpoint.heard();
    answer = message;
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    endpoint.heard(trailers);
    A answered = answer;
    if (status.isOk() && answered != null) {
      ending.answered(answered);
    } else if (status.isOk()) {
      ending.failed(Status.INTERNAL.withDescription("an answer without a message"), true);
    } else {
      ending.failed(status, mark.isSet());
    }
  }
}
