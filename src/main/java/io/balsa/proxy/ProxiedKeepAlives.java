package io.balsa.proxy;

import io.balsa.bytes.Bytes;
import io.balsa.client.Endpoint;
import io.balsa.client.PooledChannel;
import io.balsa.client.SentMark;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveRequest;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveResponse;
import io.balsa.rpc.Cancellation;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client's stream of keepalives, which resumes at the next leader. A request that one leader left
 * unanswered goes to the next. To renew a lease twice does no harm.
 *
 * <p>The monitor guards all of it.
 */
final class ProxiedKeepAlives extends ServerCall.Listener<Bytes> implements RoutedCall {
  /**
   * The most unanswered requests; beyond it, the proxy requests no more from the client. A server
   * has the same limit.
   */
  private static final int UNDER_WAY_MAX = 256;

  /** A request of the client. Of its message, only the part that a server reads is kept. */
  private record Asked(long lease, long nanos) {
    Bytes message() {
      return Bytes.wrap(LeaseKeepAliveRequest.newBuilder().setID(lease).build().toByteArray());
    }
  }

  private final Router router;
  private final ServerCall<Bytes, Bytes> client;
  private final StreamHeaders headers;
  private final Resumption resumption = new Resumption();
  private final Map<Long, Asked> unanswered = new LinkedHashMap<>();
  private long count;

  /** How many answers were sent for which no further request was asked of the client. */
  private int answered;

  private @Nullable Upstream upstream;
  private boolean begun;
  private boolean holding;
  private boolean served;
  private boolean halfClosed;
  private volatile boolean over;

  ProxiedKeepAlives(Router router, ServerCall<Bytes, Bytes> client, Metadata headers) {
    this.router = router;
    this.client = client;
    this.headers = StreamHeaders.of(headers);
  }

  void begin() {
    client.request(UNDER_WAY_MAX);
  }

  @Override
  public synchronized void onMessage(Bytes message) {
    if (over) {
      return;
    }
    try {
      long lease = LeaseKeepAliveRequest.parseFrom(message.buffer()).getID();
      Asked asked = new Asked(lease, System.nanoTime());
      unanswered.put(count++, asked);
      if (upstream != null) {
        upstream.call.sendMessage(asked.message());
      } else {
        find();
      }
    } catch (IOException e) {
      end(Status.INTERNAL.withDescription("malformed LeaseKeepAliveRequest").withCause(e));
    }
  }

  @Override
  public synchronized void onReady() {
    if (!over) {
      askMore();
    }
  }

  @Override
  public synchronized void onHalfClose() {
    halfClosed = true;
    endWhenAnswered();
  }

  private void endWhenAnswered() {
    if (halfClosed && unanswered.isEmpty()) {
      end(Status.OK);
    }
  }

  @Override
  public void onCancel() {
    leave();
  }

  private synchronized boolean leave() {
    if (over) {
      return false;
    }
    over = true;
    releaseUpstream();
    return true;
  }

  private void end(Status status) {
    if (leave()) {
      client.close(status, new Metadata());
    }
  }

  /** A half-closed stream ends at the server without a reset. */
  private void releaseUpstream() {
    Upstream released = upstream;
    if (released != null) {
      upstream = null;
      router.removeInFlight(released, released.endpoint);
      released.call.halfClose();
    }
  }

  @Override
  public synchronized void dispatch() {
    holding = false;
    find();
  }

  private void find() {
    if (over || holding || upstream != null || unanswered.isEmpty()) {
      return;
    }
    Endpoint leader = router.leader();
    if (leader == null) {
      holding = true;
      router.hold(this);
      return;
    }
    Upstream next = new Upstream(leader);
    router.addInFlight(next, leader);
    upstream = next;
    resumption.begins();
    next.start();
    if (upstream == next) {
      unanswered.values().forEach(each -> next.call.sendMessage(each.message()));
    }
  }

  /** The server may only be pausing. When another server leads, the stream moves there. */
  private synchronized void silent(Upstream at) {
    Endpoint leader = router.leader();
    if (!over && upstream == at && leader != null && leader != at.endpoint) {
      releaseUpstream();
      router.metrics().streamResumed();
      find();
    }
  }

  private synchronized void answered(Upstream from, Bytes message) throws IOException {
    if (over || upstream != from) {
      return;
    }
    served = true;
    resumption.heard();
    long lease = LeaseKeepAliveResponse.parseFrom(message.buffer()).getID();
    Iterator<Asked> each = unanswered.values().iterator();
    while (each.hasNext()) {
      if (each.next().lease == lease) {
        each.remove();
        send(message);
        break;
      }
    }
    endWhenAnswered();
  }

  private void send(Bytes message) {
    if (!begun) {
      begun = true;
      client.sendHeaders(new Metadata());
    }
    client.sendMessage(message);
    answered++;
    askMore();
  }

  /** Requests more from the client, as far as it reads its answers. */
  private void askMore() {
    if (answered > 0 && client.isReady()) {
      client.request(answered);
      answered = 0;
    }
  }

  private synchronized void ended(Upstream ended, Status status) {
    router.removeInFlight(ended, ended.endpoint);
    if (over || upstream != ended) {
      return;
    }
    upstream = null;
    router.metrics().streamEnded(ended.endpoint, status);
    if (unanswered.isEmpty() && status.isOk()) {
      return;
    }
    switch (resumption.after(ended.endpoint, status, ended.mark.isSet(), served)) {
      case TELL -> end(ProxyErrors.toClient(status));
      case AT_ONCE -> {
        router.metrics().streamResumed();
        router.suspect(ended.endpoint, status);
        holding = true;
        router.hold(this);
      }
      case LATER -> {
        router.suspect(ended.endpoint, status);
        holding = true;
        router.later(this::dispatch, resumption.pauseNanos());
      }
    }
  }

  /** When the oldest unanswered request came. */
  @Override
  public synchronized long arrivedNanos() {
    return unanswered.isEmpty() ? System.nanoTime() : unanswered.values().iterator().next().nanos();
  }

  @Override
  public int bytes() {
    return 0;
  }

  @Override
  public boolean over() {
    return over;
  }

  @Override
  public boolean isStream() {
    return true;
  }

  @Override
  public void fail(Status status) {
    end(status);
  }

  /** The stream at the leader. */
  private final class Upstream extends ClientCall.Listener<Bytes> implements InFlightCall {
    private final Endpoint endpoint;
    private final PooledChannel channel;
    private final SentMark mark = new SentMark();
    private final ClientCall<Bytes, Bytes> call;

    Upstream(Endpoint endpoint) {
      this.endpoint = endpoint;
      this.channel = endpoint.sharedChannel();
      this.call = DetachedCalls.make(() -> channel.call(client.getMethodDescriptor(), mark));
    }

    void start() {
      call.start(this, headers.onward());
      call.request(1);
    }

    @Override
    public void silent() {
      ProxiedKeepAlives.this.silent(this);
    }

    @Override
    public void replaced() {
      silent();
    }

    @Override
    public void onHeaders(Metadata answer) {
      endpoint.heard(answer);
    }

    @Override
    public void onMessage(Bytes message) {
      endpoint.heard();
      try {
        answered(this, message);
        call.request(1);
      } catch (IOException e) {
        Cancellation.cancel(call, "a server's answer is no LeaseKeepAliveResponse", e);
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      channel.release();
      ended(this, status);
    }
  }
}
