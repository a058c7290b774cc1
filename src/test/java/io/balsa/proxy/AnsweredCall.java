package io.balsa.proxy;

import io.balsa.bytes.Bytes;
import io.balsa.rpc.BytesMarshaller;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;

/** The client side of a unary call, for tests that need its end only. */
final class AnsweredCall extends ServerCall<Bytes, Bytes> {
  private final MethodDescriptor<Bytes, Bytes> method;
  private final CompletableFuture<Status> ended = new CompletableFuture<>();

  AnsweredCall(MethodDescriptor<?, ?> method) {
    this.method = BytesMarshaller.raw(method);
  }

  /** Its status, once it has ended. */
  CompletableFuture<Status> ended() {
    return ended;
  }

  @Override
  public void request(int numMessages) {
    // messages come without a request
  }

  @Override
  public void sendHeaders(Metadata headers) {
    // the test does not need headers
  }

  @Override
  public void sendMessage(Bytes message) {
    // the test needs the end only
  }

  @Override
  public void close(Status status, Metadata trailers) {
    ended.complete(status);
  }

  @Override
  public boolean isCancelled() {
    return false;
  }

  @Override
  public MethodDescriptor<Bytes, Bytes> getMethodDescriptor() {
    return method;
  }
}
