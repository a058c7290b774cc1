package io.balsa.front;

import io.balsa.bytes.Bytes;
import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A streaming call made for a JSON client: what the service sends goes out at once, a line each, as
 * {@code {"result":…}}, and its failure as {@code {"error":…}}. The requests all came with the body
 * and are given as the service asks for them.
 */
final class GatewayStream<Q, A> extends ServerCall<Q, A> {
  private static final String TYPE = "application/json";

  private final MethodDescriptor<Q, A> method;
  private final HttpExchange exchange;
  private final Function<A, Bytes> json;
  private final Function<Status, String> error;
  private final List<ServerStreamTracer> tracers = new ArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Queue<Q> requests = new ArrayDeque<>();
  private @Nullable Listener<Q> listener;
  private int wanted;
  private boolean giving;
  private boolean begun;
  private volatile boolean cancelled;

  /**
   * @param json an answer as a line of JSON
   * @param error a failure as JSON
   */
  GatewayStream(
      MethodDescriptor<Q, A> method,
      HttpExchange exchange,
      Function<A, Bytes> json,
      Function<Status, String> error) {
    this.method = method;
    this.exchange = exchange;
    this.json = json;
    this.error = error;
  }

  void start(
      ServerCallHandler<Q, A> handler,
      List<Q> messages,
      List<ServerStreamTracer.Factory> factories,
      Metadata metadata) {
    factories.forEach(
        each -> tracers.add(each.newServerStreamTracer(method.getFullMethodName(), metadata)));
    tracers.forEach(tracer -> tracer.serverCallStarted(GatewayCall.info(method)));
    requests.addAll(messages);
    try {
      Context context = Context.current().withValue(Share.CURRENT, exchange.share());
      Listener<Q> heard = Contexts.interceptCall(context, this, metadata, handler);
      synchronized (this) {
        listener = heard;
      }
      exchange.whenReady(heard::onReady);
      exchange.whenGone(this::cancel);
      if (messages.isEmpty()) {
        heard.onHalfClose();
      }
      give();
    } catch (RuntimeException e) { // thread root: a failing service fails its call alone
      close(Status.fromThrowable(e), new Metadata());
    }
  }

  private void cancel() {
    Listener<Q> heard;
    synchronized (this) {
      heard = listener;
    }
    cancelled = true;
    if (heard != null && closed.compareAndSet(false, true)) {
      tracers.forEach(tracer -> tracer.streamClosed(Status.CANCELLED));
      heard.onCancel();
    }
  }

  @Override
  public void request(int messages) {
    synchronized (this) {
      wanted += messages;
    }
    give();
  }

  /** Gives what is asked for, one at a time, then that there is no more. */
  private void give() {
    for (Q next = take(); next != null; next = take()) {
      tracers.forEach(tracer -> tracer.inboundMessage(0));
      Listener<Q> heard = listener;
      if (heard != null) {
        heard.onMessage(next);
        endOfRequests(heard);
      }
      synchronized (this) {
        giving = false;
      }
    }
  }

  private void endOfRequests(Listener<Q> heard) {
    boolean last;
    synchronized (this) {
      last = requests.isEmpty();
    }
    if (last) {
      heard.onHalfClose();
    }
  }

  private synchronized @Nullable Q take() {
    if (listener == null || giving || wanted == 0 || requests.isEmpty()) {
      return null;
    }
    wanted--;
    giving = true;
    return requests.poll();
  }

  @Override
  public void sendHeaders(Metadata headers) {
    // they go out with the first answer, when the status is known
  }

  @Override
  public void sendMessage(A message) {
    tracers.forEach(tracer -> tracer.outboundMessage(0));
    begin(200);
    exchange.write(json.apply(message));
  }

  private void begin(int status) {
    if (!begun) {
      begun = true;
      exchange.begin(status, TYPE);
    }
  }

  @Override
  public void close(Status status, Metadata trailers) {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    tracers.forEach(tracer -> tracer.streamClosed(status));
    begin(JsonGateway.httpStatus(status.getCode()));
    if (!status.isOk()) {
      exchange.write(Bytes.utf8("{\"error\":" + error.apply(status) + "}\n"));
    }
    exchange.end();
    Listener<Q> heard;
    synchronized (this) {
      heard = listener;
    }
    if (heard != null) {
      heard.onComplete();
    }
  }

  @Override
  public boolean isReady() {
    return exchange.isReady();
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  @Override
  public MethodDescriptor<Q, A> getMethodDescriptor() {
    return method;
  }

  @Override
  public Attributes getAttributes() {
    return Attributes.EMPTY;
  }
}
