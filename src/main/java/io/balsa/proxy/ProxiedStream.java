package io.balsa.proxy;

import io.balsa.bytes.Bytes;
import io.balsa.client.Endpoint;
import io.balsa.client.PooledChannel;
import io.balsa.client.SentMark;
import io.balsa.routing.RetryRule.Failure;
import io.balsa.rpc.Cancellation;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * A client's server-streaming call, joined to a call at the leader until one of the two ends.
 *
 * <p>The proxy requests the next answer from the server only when the client takes one. So a slow
 * client holds the server back, and no answers pile up in the proxy. A call that has reached a
 * server stays at this server.
 */
final class ProxiedStream extends ServerCall.Listener<Bytes> implements RoutedCall, InFlightCall {
  private final Router router;
  private final ServerCall<Bytes, Bytes> client;
  private final Metadata headers;
  private final long arrivedNanos = System.nanoTime();

  private @Nullable Upstream upstream;
  private @Nullable Bytes message;
  private volatile int size;
  private volatile boolean over;

  ProxiedStream(Router router, ServerCall<Bytes, Bytes> client, Metadata headers) {
    this.router = router;
    this.client = client;
    this.headers = headers;
  }

  void begin() {
    client.request(2); // one more than a client may send, so that gRPC sees a second one
  }

  @Override
  public long arrivedNanos() {
    return arrivedNanos;
  }

  @Override
  public int bytes() {
    return size;
  }

  @Override
  public boolean over() {
    return over;
  }

  @Override
  public void dispatch() {
    Endpoint leader = router.leader();
    if (leader == null) {
      router.hold(this);
      return;
    }
    Upstream next;
    Bytes request;
    synchronized (this) {
      request = message;
      if (over || request == null) {
        return;
      }
      next = new Upstream(leader);
      upstream = next;
    }
    next.start(request);
  }

  private synchronized @Nullable Upstream upstream() {
    return upstream;
  }

  @Override
  public void onMessage(Bytes next) {
    if (!keep(next)) {
      router.metrics().refused("bytes");
      fail(ProxyErrors.TOO_MANY_BYTES);
    }
  }

  private synchronized boolean keep(Bytes next) {
    boolean fits = over || router.requests().take(next.size());
    if (fits && !over) {
      message = next;
      size = next.size();
    }
    return fits;
  }

  @Override
  public void onHalfClose() {
    boolean missing;
    synchronized (this) {
      missing = message == null;
    }
    if (missing) {
      fail(ProxyErrors.NO_MESSAGE);
    } else {
      dispatch();
    }
  }

  @Override
  public void onReady() {
    Upstream from = upstream();
    if (from != null) {
      from.clientReady();
    }
  }

  @Override
  public void onCancel() {
    end("the client is gone");
  }

  /** The stream stays at its server, which may only be pausing: no other server leads yet. */
  @Override
  public void silent() {}

  @Override
  public void replaced() {
    if (end("the server is silent")) {
      client.close(ProxyErrors.LEADER_FAILED, new Metadata());
    }
  }

  @Override
  public void fail(Status status) {
    if (end("refused")) {
      client.close(status, new Metadata());
    }
  }

  /** Ends the stream once. */
  private boolean end(String why) {
    Upstream abandoned;
    synchronized (this) {
      if (over) {
        return false;
      }
      over = true;
      abandoned = upstream;
      if (message != null) {
        message = null;
        router.requests().giveBack(size);
      }
    }
    if (abandoned != null) {
      abandoned.cancel(why);
    }
    return true;
  }

  private synchronized boolean endedBy(Upstream ended) {
    boolean current = !over && upstream == ended;
    upstream = null;
    return current;
  }

  /**
   * The call at the leader. Its methods are serialized, because gRPC's calls are not thread-safe.
   */
  private final class Upstream extends ClientCall.Listener<Bytes> {
    private final Endpoint endpoint;
    private final PooledChannel channel;
    private final SentMark mark = new SentMark();
    private final ClientCall<Bytes, Bytes> call;
    private boolean started;
    private boolean ended;
    private boolean answered;
    private boolean serverHeldBack;

    Upstream(Endpoint endpoint) {
      this.endpoint = endpoint;
      this.channel = endpoint.ownChannel();
      this.call = DetachedCalls.make(() -> channel.call(client.getMethodDescriptor(), mark));
    }

    void start(Bytes request) {
      router.addInFlight(ProxiedStream.this, endpoint);
      call.start(this, ProxyLoopGuard.onward(headers));
      call.request(1);
      call.sendMessage(request);
      call.halfClose();
      synchronized (this) {
        started = true;
      }
      if (over) {
        cancel("the client is gone");
      }
    }

    void cancel(String why) {
      synchronized (this) {
        if (!started || ended) {
          return;
        }
        ended = true;
      }
      Cancellation.cancel(call, why, null);
    }

    @Override
    public void onMessage(Bytes answer) {
      endpoint.heard();
      if (over) {
        return;
      }
      boolean first = !answered;
      answered = true;
      if (first) {
        client.sendHeaders(new Metadata());
      }
      client.sendMessage(answer);
      if (client.isReady()) {
        call.request(1);
      } else {
        holdBack();
      }
    }

    private void holdBack() {
      synchronized (this) {
        serverHeldBack = true;
      }
      if (client.isReady()) {
        clientReady();
      }
    }

    void clientReady() {
      boolean ask;
      synchronized (this) {
        ask = serverHeldBack && !ended;
        serverHeldBack = false;
      }
      if (ask) {
        call.request(1);
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      channel.release();
      router.removeInFlight(ProxiedStream.this, endpoint);
      synchronized (this) {
        ended = true;
      }
      if (!endedBy(this)) {
        return;
      }
      router.metrics().streamEnded(endpoint, status);
      if (!mark.isSet() && ProxyErrors.failure(status, false) != Failure.ANSWERED) {
        router.hold(ProxiedStream.this, endpoint);
      } else {
        fail(ProxyErrors.toClient(status), trailers);
      }
    }

    private void fail(Status status, Metadata trailers) {
      if (end("ended")) {
        client.close(status, trailers);
      }
    }
  }
}
