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
 * looks to the client like a call that it gave up of its own will. Calls that come afterwards, from
 * clients that have not yet heard of the end, are ended as they come.
 */
final class OpenCalls implements ServerInterceptor {
  private enum Ended {
    NOTHING,
    STREAMS,
    ALL
  }

  private final Set<EndableCall<?, ?>> open = ConcurrentHashMap.newKeySet();
  private final Consumer<EndableCall<?, ?>> opened = this::opened;
  private final Consumer<EndableCall<?, ?>> over = open::remove;
  private volatile Ended ended = Ended.NOTHING;

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
    return EndableCall.start(call, metadata, next, opened, over);
  }

  private void opened(EndableCall<?, ?> call) {
    open.add(call); // before the look: who ends all sees the call, or the call sees the end
    if (isOver(call)) {
      call.end(FrontServer.STOPPED);
    }
  }

  private boolean isOver(EndableCall<?, ?> call) {
    return switch (ended) {
      case NOTHING -> false;
      case STREAMS -> call.getMethodDescriptor().getType() != MethodType.UNARY;
      case ALL -> true;
    };
  }

  /** Ends the streams, which would go on as long as their clients like. */
  void endStreams() {
    end(Ended.STREAMS);
  }

  void endAll() {
    end(Ended.ALL);
  }

  private void end(Ended now) {
    ended = now;
    for (EndableCall<?, ?> call : open) {
      if (isOver(call)) {
        call.end(FrontServer.STOPPED);
      }
    }
  }
}
