package io.balsa.proxy;

import io.balsa.bytes.Bytes;
import io.balsa.client.Endpoint;
import io.balsa.client.Lane;
import io.balsa.client.SentMark;
import io.balsa.routing.RetryRule.Failure;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * A streaming call on its way, joined to one at the leader until either ends.
 *
 * <p>Each side is asked for its next message only when the other side takes one, so that a slow end
 * holds back the fast one and nothing piles up here. Nothing is asked of the client before a server
 * is reached: until then the stream may go anywhere, after that it stays.
 */
final class StreamPassage extends ServerCall.Listener<Bytes> implements Carried {
  private final Router router;
  private final ServerCall<Bytes, Bytes> client;
  private final Metadata headers;
  private final long arrivedNanos = System.nanoTime();

  private @Nullable Upstream upstream;
  private @Nullable Bytes onlyMessage;
  private boolean halfClosed;
  private volatile boolean over;

  StreamPassage(Router router, ServerCall<Bytes, Bytes> client, Metadata headers) {
    this.router = router;
    this.client = client;
    this.headers = headers;
  }

  /** A client that says one thing says it first; one that says many says them to a server. */
  void begin() {
    if (oneMessage()) {
      client.request(2);
    } else {
      dispatch();
    }
  }

  private boolean oneMessage() {
    return client.getMethodDescriptor().getType().clientSendsOneMessage();
  }

  @Override
  public long arrivedNanos() {
    return arrivedNanos;
  }

  @Override
  public int bytes() {
    Bytes message = onlyMessage;
    return message == null ? 0 : message.size();
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
    boolean closedAlready;
    synchronized (this) {
      if (over) {
        return;
      }
      next = new Upstream(leader);
      upstream = next;
      closedAlready = halfClosed;
    }
    next.start(closedAlready);
  }

  private synchronized @Nullable Upstream upstream() {
    return upstream;
  }

  @Override
  public void onMessage(Bytes message) {
    Upstream to = upstream();
    if (oneMessage()) {
      onlyMessage = message;
    } else if (to != null) {
      to.send(message);
    }
  }

  @Override
  public void onHalfClose() {
    Upstream to;
    synchronized (this) {
      halfClosed = true;
      to = upstream;
    }
    if (oneMessage()) {
      dispatch();
    } else if (to != null) {
      to.halfClose();
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

  /** A watch waits with its server: it may only be pausing, and nobody else leads yet. */
  @Override
  public void silent() {}

  @Override
  public void replaced() {
    if (end("the server is silent")) {
      client.close(Errors.LEADER_FAILED, new Metadata());
    }
  }

  @Override
  public void fail(Status status) {
    if (end("refused")) {
      client.close(status, new Metadata());
    }
  }

  /** Ends it once. */
  private boolean end(String why) {
    Upstream abandoned;
    synchronized (this) {
      if (over) {
        return false;
      }
      over = true;
      abandoned = upstream;
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

  /** The leader's side. Calls to it are serialized: gRPC's calls are not made for many threads. */
  private final class Upstream extends ClientCall.Listener<Bytes> {
    private final Endpoint endpoint;
    private final Lane lane;
    private final SentMark mark = new SentMark();
    private final ClientCall<Bytes, Bytes> call;
    private boolean started;
    private boolean ended;
    private boolean clientAsked;
    private boolean answered;
    private boolean serverHeldBack;

    Upstream(Endpoint endpoint) {
      this.endpoint = endpoint;
      this.lane = endpoint.ownLane();
      this.call = lane.call(client.getMethodDescriptor(), mark);
    }

    void start(boolean halfClosed) {
      router.entrust(StreamPassage.this, endpoint);
      Context before = Context.ROOT.attach();
      try {
        call.start(this, Hops.onward(headers));
        call.request(1);
        Bytes message = onlyMessage;
        if (message != null) {
          call.sendMessage(message);
        }
      } finally {
        Context.ROOT.detach(before);
      }
      synchronized (this) {
        started = true;
      }
      if (over) {
        cancel("the client is gone");
      } else if (halfClosed) {
        halfClose();
      }
    }

    void send(Bytes message) {
      boolean more;
      synchronized (this) {
        if (ended) {
          return;
        }
        call.sendMessage(message);
        more = call.isReady();
        clientAsked = more;
      }
      if (more) {
        client.request(1);
      }
    }

    void halfClose() {
      synchronized (this) {
        if (started && !ended) {
          call.halfClose();
        }
      }
    }

    void cancel(String why) {
      synchronized (this) {
        if (!started || ended) {
          return;
        }
        ended = true;
      }
      call.cancel(why, null);
    }

    @Override
    public void onReady() {
      boolean ask;
      synchronized (this) {
        ask = !clientAsked && !ended;
        clientAsked = true;
      }
      if (ask) {
        client.request(1);
      }
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
      lane.release();
      router.takeBack(StreamPassage.this, endpoint);
      synchronized (this) {
        ended = true;
      }
      if (!endedBy(this)) {
        return;
      }
      router.metrics().streamEnded(endpoint, status);
      if (!mark.isSet() && Errors.failure(status, false) != Failure.ANSWERED) {
        router.hold(StreamPassage.this, endpoint);
      } else {
        fail(Errors.toClient(status), trailers);
      }
    }

    private void fail(Status status, Metadata trailers) {
      if (end("ended")) {
        client.close(status, trailers);
      }
    }
  }
}
