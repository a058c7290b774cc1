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
 * A watch stream at a server, for one client's stream at a time. What it says is always read at
 * once, so it never holds back what shares its connection, or it has one of its own; and when its
 * client's stream ends, its watches are ended by messages and it serves another one, for resets
 * count as an attack.
 *
 * <p>Ids here are never used twice, so what is said of a watch that was given up is known as such.
 * The monitor guards what is asked and what is expected; a stream may call from within its own.
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

  /** Since when nobody uses it; guarded by its owner. */
  long idleSinceNanos;

  /**
   * @param paced whether what it says is read when its user asks for it, and not at once
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

  /** Opens it, the first time. */
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

  /** Takes a client's stream, unless it has ended itself. */
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

  /** Asks for what a paced one says next. */
  void askMore() {
    call.request(1);
  }

  /** Begins a watch. */
  synchronized void create(ProxiedWatch watch) {
    long place = ++lastPlace;
    watches.put(place, watch);
    ask(watch, place);
  }

  /** Asks once more for a watch that is there, so that the server refuses it in its own words. */
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

  /** Ends a watch; what is still said of it goes nowhere. */
  synchronized void forget(ProxiedWatch watch) {
    if (watches.remove(watch.place) != null) {
      cancel(watch.place);
      watch.leave();
    }
  }

  /** Ends a watch for its client, who is told what the server says to it. */
  synchronized void cancel(ProxiedWatch watch) {
    cancel(watch.place);
  }

  private void cancel(long place) {
    send(
        WatchRequest.newBuilder()
            .setCancelRequest(WatchCancelRequest.newBuilder().setWatchId(place))
            .build());
  }

  /** Asks how far the stream is. */
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

  /** Whose summary it is; null when nobody waits for it any more. */
  synchronized @Nullable ProxiedWatch whose(WatchResponseSummary summary) {
    if (!summary.created()) {
      return watches.get(summary.watchId());
    }
    Long place = unanswered.poll();
    return place == null ? null : watches.get(place);
  }

  /**
   * Whether it has yet to answer for a watch. What it says of the whole stream before that was
   * asked earlier, perhaps by another client, and does not hold for that watch.
   */
  synchronized boolean owesAnswer() {
    return !unanswered.isEmpty();
  }

  /** It has ended at the server, but for an answer to a cancellation perhaps. */
  synchronized void dropped(ProxiedWatch watch) {
    watches.remove(watch.place);
    watch.leave();
  }

  /** Takes back all its watches in the order in which they came, when it has ended. */
  synchronized List<ProxiedWatch> takeAll() {
    List<ProxiedWatch> all = new ArrayList<>(watches.values());
    watches.clear();
    all.forEach(ProxiedWatch::leave);
    return all;
  }

  /** The client's stream goes on elsewhere or has ended: all its watches are ended. */
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

  /** Ends it; to be called while nobody uses it. */
  void reset() {
    synchronized (this) {
      ended = true;
    }
    Cancellation.cancel(call, "nobody watches", null);
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
