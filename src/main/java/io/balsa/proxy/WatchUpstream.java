package io.balsa.proxy;

import io.balsa.bytes.Bytes;
import io.balsa.client.Endpoint;
import io.balsa.client.PooledChannel;
import io.balsa.client.SentMark;
import io.balsa.proto.etcdserverpb.WatchCancelRequest;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.balsa.proto.etcdserverpb.WatchProgressRequest;
import io.balsa.proto.etcdserverpb.WatchRequest;
import io.balsa.rpc.BytesMarshaller;
import io.balsa.rpc.Cancellation;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A watch stream at a server, for one client's stream at a time. The proxy reads its messages at
 * once, so that it holds back no other stream on its connection; a paced stream has its own
 * connection. When the client's stream ends, the proxy cancels the watches by messages and uses the
 * stream for another client, because servers count resets as an attack.
 *
 * <p>Each watch id is used once, so a late message for a cancelled watch is recognized. The monitor
 * guards the open requests and the expected answers. A {@link ProxiedWatchStream} may call while it
 * holds its own monitor.
 */
final class WatchUpstream extends ClientCall.Listener<Bytes> {
  private static final MethodDescriptor<Bytes, Bytes> WATCH =
      BytesMarshaller.raw(WatchGrpc.getWatchMethod());

  private static final Bytes PROGRESS =
      bytes(
          WatchRequest.newBuilder()
              .setProgressRequest(WatchProgressRequest.getDefaultInstance())
              .build());

  private final WatchUpstreams owner;
  private final Endpoint endpoint;
  private final StreamHeaders headers;
  private final boolean paced;
  private final PooledChannel channel;
  private final SentMark mark = new SentMark();
  private final ClientCall<Bytes, Bytes> call;
  private final Map<Long, ProxiedWatch> watches = new LinkedHashMap<>();
  private final Queue<Long> unanswered = new ArrayDeque<>();
  private long lastPlace;
  private long askedNanos = System.nanoTime();
  private boolean started;
  private boolean ended;
  private volatile @Nullable ProxiedWatchStream user;

  /** When the last client left, by {@link System#nanoTime}. Guarded by its owner. */
  long idleSinceNanos;

  /**
   * @param paced whether messages are read when the client's stream requests them, and not at once
   */
  WatchUpstream(WatchUpstreams owner, Endpoint endpoint, StreamHeaders headers, boolean paced) {
    this.owner = owner;
    this.endpoint = endpoint;
    this.headers = headers;
    this.paced = paced;
    this.channel = paced ? endpoint.ownChannel() : endpoint.sharedChannel();
    this.call = DetachedCalls.make(() -> channel.call(WATCH, mark));
  }

  private static Bytes bytes(WatchRequest request) {
    return Bytes.wrap(request.toByteArray());
  }

  /** Opens the stream, once. */
  void start() {
    synchronized (this) {
      if (started) {
        return;
      }
      started = true;
    }
    call.start(this, headers.onward());
    call.request(1);
  }

  Endpoint endpoint() {
    return endpoint;
  }

  StreamHeaders headers() {
    return headers;
  }

  /** Begins to serve a client's stream; false when this stream has ended. */
  synchronized boolean adopt(ProxiedWatchStream stream) {
    user = stream;
    return !ended;
  }

  boolean isUsed() {
    return user != null;
  }

  boolean isPaced() {
    return paced;
  }

  /** Requests the next message of a paced stream. */
  void askMore() {
    call.request(1);
  }

  /** Begins a watch. */
  synchronized void create(ProxiedWatch watch) {
    long place = ++lastPlace;
    watches.put(place, watch);
    ask(watch, place);
  }

  /** Asks for a watch whose id is in use, so that the server refuses it with its own text. */
  synchronized void createAgain(ProxiedWatch twin, ProxiedWatch watch) {
    watches.put(++lastPlace, twin);
    unanswered.add(lastPlace);
    long place = watch.place;
    send(
        WatchRequest.newBuilder()
            .setCreateRequest(twin.requestAt(place).toBuilder().setStartRevision(1))
            .build());
    twin.place = lastPlace;
  }

  private void ask(ProxiedWatch watch, long place) {
    unanswered.add(place);
    send(WatchRequest.newBuilder().setCreateRequest(watch.requestAt(place)).build());
  }

  /** Cancels a watch. Later messages for it are dropped. */
  synchronized void forget(ProxiedWatch watch) {
    if (watches.remove(watch.place) != null) {
      cancel(watch.place);
      watch.leave();
    }
  }

  /** Cancels a watch for its client. The client gets the server's answer. */
  synchronized void cancel(ProxiedWatch watch) {
    cancel(watch.place);
  }

  private void cancel(long place) {
    send(
        WatchRequest.newBuilder()
            .setCancelRequest(WatchCancelRequest.newBuilder().setWatchId(place))
            .build());
  }

  /** Asks for a progress notification. */
  synchronized void askProgress() {
    askedNanos = System.nanoTime();
    call.sendMessage(PROGRESS);
  }

  synchronized long askedNanos() {
    return askedNanos;
  }

  private void send(WatchRequest request) {
    if (!ended) {
      call.sendMessage(bytes(request));
    }
  }

  /** The watch that a message is for; null when there is none any more. */
  synchronized @Nullable ProxiedWatch whose(WatchResponseSummary summary) {
    if (!summary.created()) {
      return watches.get(summary.watchId());
    }
    Long place = unanswered.poll();
    return place == null ? null : watches.get(place);
  }

  /**
   * Whether the server has yet to answer a creation. A progress notification that comes before this
   * answer may be for an earlier request, and does not hold for the new watch.
   */
  synchronized boolean owesAnswer() {
    return !unanswered.isEmpty();
  }

  /** The watch has ended at the server. An answer to a cancellation may still come. */
  synchronized void dropped(ProxiedWatch watch) {
    watches.remove(watch.place);
    watch.leave();
  }

  /** Removes all watches, in the order of their creation, when the stream has ended. */
  synchronized List<ProxiedWatch> takeAll() {
    List<ProxiedWatch> all = new ArrayList<>(watches.values());
    watches.clear();
    all.forEach(ProxiedWatch::leave);
    return all;
  }

  /** The client's stream moves or has ended: cancels all its watches. */
  List<ProxiedWatch> release() {
    List<ProxiedWatch> all;
    synchronized (this) {
      watches.keySet().forEach(this::cancel);
      all = takeAll();
      user = null;
    }
    owner.giveBack(this);
    return all;
  }

  /** Resets the stream. No client may be using it. */
  void reset() {
    synchronized (this) {
      ended = true;
    }
    Cancellation.cancel(call, "no client uses the stream", null);
  }

  @Override
  public void onHeaders(Metadata answer) {
    endpoint.heard(answer);
  }

  @Override
  public void onMessage(Bytes message) {
    endpoint.heard();
    try {
      WatchResponseSummary summary = WatchResponseSummary.of(message);
      boolean taken = false;
      while (!taken) {
        ProxiedWatchStream now = user;
        taken = now == null ? unheard(summary) : now.told(this, summary, message);
      }
      if (!paced) {
        call.request(1);
      }
    } catch (IOException e) {
      Cancellation.cancel(call, "a server's answer is no WatchResponse", e);
    }
  }

  private synchronized boolean unheard(WatchResponseSummary summary) {
    boolean unused = user == null;
    if (unused) {
      var _ = whose(summary);
    }
    return unused;
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    ProxiedWatchStream last;
    synchronized (this) {
      ended = true;
      last = user;
    }
    channel.release();
    owner.ended(this);
    if (last != null) {
      last.ended(this, status, mark.isSet());
    }
  }
}
