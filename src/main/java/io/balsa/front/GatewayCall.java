package io.balsa.front;

import io.balsa.budget.Share;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A unary call of a gRPC service in the same process, without a connection. Interceptors and
 * tracers see it like the call of a gRPC client.
 */
final class GatewayCall<Q, A> extends ServerCall<Q, A> {
  private final MethodDescriptor<Q, A> method;
  private final Metadata metadata;
  private final List<ServerStreamTracer> tracers = new ArrayList<>();
  private final List<A> answers = new ArrayList<>(1);
  private final AtomicBoolean closed = new AtomicBoolean();
  private BiConsumer<Status, List<A>> done = (_, _) -> {};
  private volatile @Nullable Listener<Q> listener;
  private volatile boolean cancelled;

  GatewayCall(
      MethodDescriptor<Q, A> method,
      List<ServerStreamTracer.Factory> factories,
      Metadata metadata) {
    this.method = method;
    this.metadata = metadata;
    for (ServerStreamTracer.Factory factory : factories) {
      tracers.add(factory.newServerStreamTracer(method.getFullMethodName(), metadata));
    }
  }

  /**
   * Makes the call.
   *
   * @param share counts the memory of the answer
   * @param done gets the status and, if it is OK, the answer; called once, on any thread
   */
  void start(
      ServerCallHandler<Q, A> handler, Q request, Share share, BiConsumer<Status, List<A>> done) {
    this.done = done;
    tracers.forEach(tracer -> tracer.serverCallStarted(info(method)));
    try {
      Context context = Context.current().withValue(Share.CURRENT, share);
      Listener<Q> heard = Contexts.interceptCall(context, this, metadata, handler);
      tracers.forEach(tracer -> tracer.inboundMessage(0));
      heard.onMessage(request);
      heard.onHalfClose();
      listener = heard;
    } catch (RuntimeException e) { // thread root: a failing service fails its call alone
      close(Status.fromThrowable(e), new Metadata());
    }
  }

  /** Cancels the call, because its client has gone. */
  void cancel() {
    Listener<Q> heard = listener;
    if (heard != null && closed.compareAndSet(false, true)) {
      cancelled = true;
      tracers.forEach(tracer -> tracer.streamClosed(Status.CANCELLED));
      heard.onCancel();
    }
  }

  /** The description of a call without a connection, for tracers. */
  static <Q, A> ServerStreamTracer.ServerCallInfo<Q, A> info(MethodDescriptor<Q, A> method) {
    return new ServerStreamTracer.ServerCallInfo<>() {
      @Override
      public MethodDescriptor<Q, A> getMethodDescriptor() {
        return method;
      }

      @Override
      public io.grpc.Attributes getAttributes() {
        return io.grpc.Attributes.EMPTY;
      }

      @Override
      public String getAuthority() {
        return "";
      }
    };
  }

  @Override
  public void request(int messages) {
    // start delivers the only message
  }

  @Override
  public void sendHeaders(Metadata headers) {
    // HTTP/1.1 headers are the gateway's own
  }

  @Override
  public void sendMessage(A message) {
    tracers.forEach(tracer -> tracer.outboundMessage(0));
    answers.add(message);
  }

  @Override
  public void close(Status status, Metadata trailers) {
    if (closed.compareAndSet(false, true)) {
      tracers.forEach(tracer -> tracer.streamClosed(status));
      done.accept(status, answers);
    }
  }

  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  @Override
  public MethodDescriptor<Q, A> getMethodDescriptor() {
    return method;
  }
}
