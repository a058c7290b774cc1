package io.balsa.front;

import io.balsa.budget.Share;
import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A unary call of a gRPC service in the same process, without a connection of gRPC. Interceptors
 * and tracers see it like the call of a gRPC client.
 */
final class GatewayCall<Q, A> extends ServerCall<Q, A> {
  private final MethodDescriptor<Q, A> method;
  private final Metadata metadata;
  private final Attributes attributes;
  private final List<ServerStreamTracer> tracers = new ArrayList<>();
  private final List<A> answers = new ArrayList<>(1);
  private final AtomicBoolean closed = new AtomicBoolean();
  private BiConsumer<Status, List<A>> done = (_, _) -> {};
  private volatile @Nullable Listener<Q> listener;
  private volatile boolean cancelled;

  GatewayCall(
      MethodDescriptor<Q, A> method,
      List<ServerStreamTracer.Factory> factories,
      Metadata metadata,
      @Nullable SocketAddress client) {
    this.method = method;
    this.metadata = metadata;
    this.attributes = attributes(client);
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
    tracers.forEach(tracer -> tracer.serverCallStarted(info(method, attributes)));
    try {
      Context context = Context.current().withValue(Share.CURRENT, share);
      Listener<Q> heard = Contexts.interceptCall(context, this, metadata, handler);
      countInbound(tracers, method, request);
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

  /**
   * Counts a request as a message of gRPC, with its protobuf bytes: etcd's gateway is a gRPC client
   * of its own server.
   */
  static <Q> void countInbound(
      List<ServerStreamTracer> tracers, MethodDescriptor<Q, ?> method, Q message) {
    int bytes = size(method.streamRequest(message));
    for (ServerStreamTracer tracer : tracers) {
      tracer.inboundMessage(0);
      tracer.inboundWireSize(bytes);
    }
  }

  /** Counts an answer, as {@link #countInbound} does. */
  static <A> void countOutbound(
      List<ServerStreamTracer> tracers, MethodDescriptor<?, A> method, A message) {
    int bytes = size(method.streamResponse(message));
    for (ServerStreamTracer tracer : tracers) {
      tracer.outboundMessage(0);
      tracer.outboundWireSize(bytes);
    }
  }

  private static int size(InputStream message) {
    try (message) {
      return message.available();
    } catch (IOException e) {
      throw new UncheckedIOException("a message in memory has a size", e);
    }
  }

  /** What is known of the connection; null for an unknown client. */
  static Attributes attributes(@Nullable SocketAddress client) {
    return client == null
        ? Attributes.EMPTY
        : Attributes.newBuilder().set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, client).build();
  }

  /** The description of a call, for tracers. */
  static <Q, A> ServerStreamTracer.ServerCallInfo<Q, A> info(
      MethodDescriptor<Q, A> method, Attributes attributes) {
    return new ServerStreamTracer.ServerCallInfo<>() {
      @Override
      public MethodDescriptor<Q, A> getMethodDescriptor() {
        return method;
      }

      @Override
      public Attributes getAttributes() {
        return attributes;
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
    countOutbound(tracers, method, message);
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
  public Attributes getAttributes() {
    return attributes;
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
