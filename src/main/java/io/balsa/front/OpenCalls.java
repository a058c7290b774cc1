package io.balsa.front;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The calls that are open at a port, so that they can be ended by a word: what gRPC cuts itself
 * looks to the client like a call that it gave up of its own will.
 */
final class OpenCalls implements ServerInterceptor {
  private final Set<EndableCall<?, ?>> open = ConcurrentHashMap.newKeySet();
  private final Consumer<EndableCall<?, ?>> opened = open::add;
  private final Consumer<EndableCall<?, ?>> over = open::remove;

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
    return EndableCall.start(call, metadata, next, opened, over);
  }

  /** Ends the streams, which would go on as long as their clients like. */
  void endStreams() {
    for (EndableCall<?, ?> call : open) {
      if (call.getMethodDescriptor().getType() != MethodType.UNARY) {
        call.end(FrontServer.STOPPED);
      }
    }
  }

  void endAll() {
    open.forEach(call -> call.end(FrontServer.STOPPED));
  }
}
