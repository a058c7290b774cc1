package io.balsa.front;

import com.google.protobuf.InvalidProtocolBufferException;
import io.balsa.budget.Share;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A streaming call for a JSON client. Each message of the service is sent at once as a line {@code
 * {"result":…}}, and its failure as {@code {"error":…}}. All requests came with the body. They are
 * read from it when the service asks for them and the client reads its answers, a few in each turn
 * of the event loop.
 */
final class GatewayStream<Q, A> extends ServerCall<Q, A> {
  private static final String TYPE = "application/json";

  /** Requests that are delivered before other tasks of the event loop run. */
  private static final int TURN_REQUESTS = 16;

  private final MethodDescriptor<Q, A> method;
  private final HttpExchange exchange;
  private final Attributes attributes;
  private final Function<A, Bytes> json;
  private final Function<Status, Bytes> error;
  private final List<ServerStreamTracer> tracers = new ArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Keeps the order of the sent lines. While it is locked, no listener is called. */
  private final Object out = new Object();

  /** The requests that the service has not got; after the start only the event loop uses them. */
  private @Nullable Requests<Q> requests;

  private @Nullable Listener<Q> listener;
  private long wanted;
  private boolean giving;
  private boolean begun;
  private volatile boolean cancelled;

  /** The requests of a body. */
  interface Requests<Q> {
    boolean hasNext();

    /**
     * The next request.
     *
     * @throws InvalidProtocolBufferException if the body has no valid request here
     */
    Q next() throws InvalidProtocolBufferException;
  }

  /**
   * @param json makes a line of JSON from an answer
   * @param error makes a line of JSON from a failure
   */
  GatewayStream(
      MethodDescriptor<Q, A> method,
      HttpExchange exchange,
      Function<A, Bytes> json,
      Function<Status, Bytes> error) {
    this.method = method;
    this.exchange = exchange;
    this.attributes = GatewayCall.attributes(exchange.client());
    this.json = json;
    this.error = error;
  }

  void start(
      ServerCallHandler<Q, A> handler,
      Requests<Q> messages,
      List<ServerStreamTracer.Factory> factories,
      Metadata metadata) {
    factories.forEach(
        each -> tracers.add(each.newServerStreamTracer(method.getFullMethodName(), metadata)));
    tracers.forEach(tracer -> tracer.serverCallStarted(GatewayCall.info(method, getAttributes())));
    requests = messages;
    try {
      Context context = Context.current().withValue(Share.CURRENT, exchange.share());
      Listener<Q> heard = Contexts.interceptCall(context, this, metadata, handler);
      synchronized (this) {
        listener = heard;
      }
      exchange.whenReady(() -> ready(heard));
      exchange.whenGone(this::cancel);
      endOfRequests(heard);
      give();
    } catch (RuntimeException e) { // thread root: a failing service fails its call alone
      close(Status.fromThrowable(e), new Metadata());
    }
  }

  private void ready(Listener<Q> heard) {
    heard.onReady();
    give();
  }

  private void cancel() {
    Listener<Q> heard = heard();
    cancelled = true;
    if (heard != null && closed.compareAndSet(false, true)) {
      requests = null;
      tracers.forEach(tracer -> tracer.streamClosed(Status.CANCELLED));
      heard.onCancel();
    }
  }

  private synchronized @Nullable Listener<Q> heard() {
    return listener;
  }

  @Override
  public void request(int messages) {
    synchronized (this) {
      wanted += messages;
    }
    give();
  }

  /** Schedules the delivery of the requests that the service wants. */
  private void give() {
    synchronized (this) {
      if (giving || listener == null || wanted == 0) {
        return;
      }
      giving = true;
    }
    exchange.later(this::turn);
  }

  private void turn() {
    Listener<Q> heard = heard();
    for (int given = 0; heard != null && given < TURN_REQUESTS; given++) {
      if (!take()) {
        return;
      }
      give(heard);
    }
    exchange.later(this::turn);
  }

  /**
   * Reserves the delivery of one request. If it returns false, a later event calls {@link #give()}
   * again.
   */
  private synchronized boolean take() {
    if (wanted == 0 || requests == null || closed.get() || !exchange.isReady()) {
      giving = false;
      return false;
    }
    wanted--;
    return true;
  }

  /** Delivers a request, and after the last one the end of the requests. */
  private void give(Listener<Q> heard) {
    Requests<Q> left = requests;
    if (left == null) {
      return;
    }
    try {
      Q next = left.next();
      GatewayCall.countInbound(tracers, method, next);
      heard.onMessage(next);
      endOfRequests(heard);
    } catch (InvalidProtocolBufferException e) {
      if (end(JsonGateway.malformed(e))) {
        cancelled = true;
        heard.onCancel();
      }
    } catch (RuntimeException e) { // thread root: a failing service fails its call alone
      close(Status.fromThrowable(e), new Metadata());
    }
  }

  private void endOfRequests(Listener<Q> heard) {
    Requests<Q> left = requests;
    if (left != null && !left.hasNext()) {
      requests = null;
      heard.onHalfClose();
    }
  }

  @Override
  public void sendHeaders(Metadata headers) {
    // the HTTP head is sent with the first answer, when the status is known
  }

  @Override
  public void sendMessage(A message) {
    GatewayCall.countOutbound(tracers, method, message);
    Bytes line = json.apply(message);
    synchronized (out) {
      if (!closed.get()) {
        begin(200);
        exchange.write(line);
      }
    }
  }

  private void begin(int status) {
    if (!begun) {
      begun = true;
      exchange.begin(status, TYPE);
    }
  }

  /** Ends the answer; false if it had ended before. */
  private boolean end(Status status) {
    synchronized (out) {
      if (!closed.compareAndSet(false, true)) {
        return false;
      }
      begin(JsonGateway.httpStatus(status.getCode()));
      if (!status.isOk()) {
        exchange.write(error.apply(status));
      }
      exchange.end();
    }
    tracers.forEach(tracer -> tracer.streamClosed(status));
    return true;
  }

  @Override
  public void close(Status status, Metadata trailers) {
    if (end(status)) {
      Listener<Q> heard = heard();
      if (heard != null) {
        heard.onComplete();
      }
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
    return attributes;
  }
}
