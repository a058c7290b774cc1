package io.balsa.front;

import io.balsa.budget.AnswerBudget;
import io.balsa.budget.CallShare;
import io.balsa.budget.EndableCall;
import io.balsa.budget.Share;
import io.balsa.rpc.CallHeaders;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The open calls of a port, so that they can end with a status. A call that gRPC itself cuts looks
 * to its client as if the client had cancelled it. Calls that come later, from clients that have
 * not heard of the end, are ended at once. It also limits the number of open calls.
 */
final class OpenCalls implements ServerInterceptor {
  private enum Ended {
    NOTHING,
    STREAMS,
    ALL
  }

  /** About the heap of an open call with its stream. */
  private static final int CALL_BYTES = 4096;

  /** A stream with at most this many unsent bytes is ready; gRPC's default is 32 KiB. */
  private static final int READY_BYTES = 4096;

  private static final Status TOO_MANY =
      Status.RESOURCE_EXHAUSTED.withDescription(
          "etcdserver: too many calls are open, try again when some have ended");

  private static final Status SLOW =
      Status.DEADLINE_EXCEEDED.withDescription(
          "etcdserver: the request did not arrive completely in time, nothing was done, send it"
              + " faster");

  /** Earlier requests of the stream were carried out. */
  private static final Status SLOW_IN_STREAM =
      Status.DEADLINE_EXCEEDED.withDescription(
          "etcdserver: a request of the stream did not arrive completely in time, it was not"
              + " carried out, send it faster");

  private final Set<EndableCall<?, ?>> open = ConcurrentHashMap.newKeySet();
  private final Consumer<EndableCall<?, ?>> opened = this::opened;
  private final Consumer<EndableCall<?, ?>> over = open::remove;
  private final AnswerBudget budget;
  private final IntSupplier connections;
  private final int max;
  private final ClientFaults faults;
  private volatile Ended ended = Ended.NOTHING;

  /**
   * No open calls.
   *
   * @param budget counts the calls whose last bytes have not left
   * @param max the most such calls over all connections
   * @param faults counts refused and slow calls
   */
  OpenCalls(AnswerBudget budget, int max, ClientFaults faults) {
    this.faults = faults;
    this.budget = budget;
    this.connections = () -> budget.connections().size();
    this.max = max;
  }

  /** The number of calls that take a quarter of a heap. */
  static int maxFor(long heapBytes) {
    return Math.clamp(heapBytes / 4 / CALL_BYTES, 1_000, 1_000_000);
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
    CallShare share = Share.CURRENT.get() instanceof CallShare its ? its : null;
    if (isTooMany(share)) {
      faults.happened(ClientFaults.Kind.CALL_REFUSED, budget.calls() + " are open");
      call.close(TOO_MANY, new Metadata());
      return new ServerCall.Listener<>() {};
    }
    if (share != null && share.streams()) {
      call.setOnReadyThreshold(READY_BYTES);
    }
    if (share != null && metadata.containsKey(CallHeaders.CLIENT_ADDRESS)) {
      share.noteProxy();
    }
    return EndableCall.start(call, metadata, next, opened, over, share);
  }

  private boolean isTooMany(@Nullable CallShare share) {
    int all = budget.calls();
    return share == null
        ? all > max
        : isTooMany(all, share.connection().calls.get(), connections, max);
  }

  /**
   * Whether a call is over the limit. The last quarter of the places is divided evenly among the
   * connections, so a connection with few calls can always have one more.
   *
   * @param all the open calls, with this one
   * @param own the open calls of its connection, with this one
   * @param connections counts the connections; used only if few places are left
   */
  static boolean isTooMany(int all, int own, IntSupplier connections, int max) {
    if (all <= max - max / 4) {
      return false;
    }
    int part = Math.max(1, max / 4 / Math.max(1, connections.getAsInt()));
    return all > max || own > part;
  }

  private void opened(EndableCall<?, ?> call) {
    open.add(
        call); // added before the check: either end() sees the call, or this check sees the end
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

  /**
   * Ends the calls with a request that has not arrived completely. Their connection is not idle, so
   * nothing else would ever end them.
   *
   * @param nanos how long a request may take, in nanoseconds
   */
  void endSlow(long nanos) {
    for (EndableCall<?, ?> call : open) {
      boolean one = call.getMethodDescriptor().getType().clientSendsOneMessage();
      if (call.endIfSlow(nanos, one ? SLOW : SLOW_IN_STREAM)) {
        faults.happened(
            ClientFaults.Kind.SLOW_REQUEST, call.getMethodDescriptor().getFullMethodName());
      }
    }
  }

  /** Ends the streams, because a stream has no end of its own. */
  void endStreams() {
    budget.lateRefusals().end();
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
