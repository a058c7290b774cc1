package io.balsa.front;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
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

  /** A call and its stream cost about so much heap while they are open. */
  private static final int CALL_BYTES = 4096;

  /** A stream that is ready may have so many bytes unsent; gRPC's own default is 32 KiB. */
  private static final int READY_BYTES = 4096;

  private static final Status TOO_MANY =
      Status.RESOURCE_EXHAUSTED.withDescription(
          "etcdserver: too many calls are open, try again when some have ended");

  private final Set<EndableCall<?, ?>> open = ConcurrentHashMap.newKeySet();
  private final Consumer<EndableCall<?, ?>> opened = this::opened;
  private final Consumer<EndableCall<?, ?>> over = open::remove;
  private final AnswerBudget budget;
  private final int max;
  private volatile Ended ended = Ended.NOTHING;

  /**
   * None yet.
   *
   * @param budget counts those whose last bytes have not left
   * @param max the most of these
   */
  OpenCalls(AnswerBudget budget, int max) {
    this.budget = budget;
    this.max = max;
  }

  /** As many as take a quarter of a heap. */
  static int maxFor(long heapBytes) {
    return Math.clamp(heapBytes / 4 / CALL_BYTES, 1_000, 1_000_000);
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
    if (budget.calls() > max) {
      call.close(TOO_MANY, new Metadata());
      return new ServerCall.Listener<>() {};
    }
    CallShare share = Share.CURRENT.get() instanceof CallShare its ? its : null;
    if (share != null && share.streams()) {
      call.setOnReadyThreshold(READY_BYTES);
    }
    return EndableCall.start(call, metadata, next, opened, over, share);
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
