package io.balsa.proxy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.balsa.budget.Share;
import io.balsa.bytes.Bytes;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchRequest;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client's watch stream, which resumes at another server. For each watch, the stream keeps the
 * first revision that the client does not have yet. When the server ends, becomes silent or is cut
 * off, the watch resumes from there. The client notices nothing.
 *
 * <ol>
 *   <li>Each event of a watch is sent once and in order. The creation of a watch is confirmed once.
 *   <li>A progress notification is sent only if every watch of the stream was at the server that
 *       reported it, and still is.
 *   <li>A client that does not read holds back no other client. Its watches are cancelled at the
 *       server, and resume when it reads again.
 *   <li>When two servers break soon after they took the stream, it does not go to a third.
 * </ol>
 *
 * <p>The monitor guards all state. Code that holds it may call upstreams, but an upstream that
 * holds its own monitor may not call this class.
 */
final class ProxiedWatchStream extends ServerCall.Listener<Bytes> {
  /**
   * The most watches that wait for a server; beyond it, the proxy requests no more from the client.
   */
  private static final int WAITING_MAX = 256;

  private static final String TOO_LARGE =
      "etcdserver: a revision is too large to be kept: ask for it in fragments";

  private static final String TOO_MANY =
      "too many watches: all of this proxy's take an eighth of its heap, cancel some or watch"
          + " ranges";

  private final Router router;
  private final ServerCall<Bytes, Bytes> client;
  private final Share share;
  private final WatchAnswers answers;
  private final StreamHeaders headers;
  private final ClientWatches watches;
  private final WatchPlacement placement;
  private @Nullable LargeRevision large;
  private int progressAsked;

  /** Whether a progress notification came too early to be passed on. */
  private boolean progressTooEarly;

  private boolean paused;
  private volatile boolean over;

  ProxiedWatchStream(Router router, ServerCall<Bytes, Bytes> client, Metadata headers) {
    this.router = router;
    this.client = client;
    this.share = Share.current();
    this.answers = new WatchAnswers(client, share);
    this.headers = StreamHeaders.of(headers);
    this.watches = new ClientWatches(router.watches().bytes());
    this.placement = new WatchPlacement(router, this, this.headers);
  }

  void begin() {
    client.request(1);
  }

  StreamHeaders headers() {
    return headers;
  }

  // ---- Requests of the client

  @Override
  public synchronized void onMessage(Bytes message) {
    if (over) {
      return;
    }
    try {
      WatchRequest request = WatchRequest.parseFrom(message.buffer());
      switch (request.getRequestUnionCase()) {
        case CREATE_REQUEST -> create(request.getCreateRequest());
        case CANCEL_REQUEST -> cancel(request.getCancelRequest().getWatchId());
        case PROGRESS_REQUEST -> progress();
        case REQUESTUNION_NOT_SET -> {}
      }
      askNext();
    } catch (InvalidProtocolBufferException e) {
      end(Status.INTERNAL.withDescription("malformed WatchRequest").withCause(e), new Metadata());
    }
  }

  private void create(WatchCreateRequest request) {
    ProxiedWatch watch = new ProxiedWatch(request, share);
    if (!watches.add(watch)) {
      answers.refused(TOO_MANY);
      return;
    }
    WatchUpstream at = placement.upstream();
    if (watch.startsNow() && at != null && at.endpoint() != router.leader()) {
      placement.move(); // a follower may not have applied yet what the client has seen
    }
    settle();
  }

  private void cancel(long id) {
    ProxiedWatch watch = watches.get(id);
    if (watch == null || watch.canceling) {
      return;
    }
    watch.canceling = true;
    LargeRevision underWay = large;
    WatchUpstream at = placement.upstream();
    if (underWay != null && underWay.watch() == watch) {
      underWay.cancel(); // it is at a server of its own
    } else if (at != null && watch.place != 0) {
      at.cancel(watch);
    } else if (watch.created) {
      canceledHere(watch);
    }
  }

  private void canceledHere(ProxiedWatch watch) {
    watches.remove(watch);
    answers.canceled(watch.id, "");
  }

  private void progress() {
    progressAsked++;
    WatchUpstream at = placement.upstream();
    if (at == null) {
      settle();
    } else if (watches.areAllPlaced()) {
      at.askProgress();
    }
  }

  private void askNext() {
    if (client.isReady() && large == null && watches.unplaced() < WAITING_MAX) {
      paused = false;
      client.request(1);
    } else {
      paused = true;
    }
  }

  @Override
  public synchronized void onReady() {
    if (over) {
      return;
    }
    answers.hasRoom();
    if (large != null) {
      large.askMore();
    }
    settle();
    if (paused) {
      askNext();
    }
  }

  @Override
  public void onCancel() {
    leave();
  }

  /** Ends the stream once, without a status. */
  private synchronized boolean leave() {
    if (over) {
      return false;
    }
    over = true;
    placement.release();
    if (large != null) {
      var _ = large.upstream().release();
    }
    watches.end();
    return true;
  }

  void end(Status status, Metadata trailers) {
    if (leave()) {
      client.close(status, trailers);
    }
  }

  // ---- The server of the stream

  /** Creates at the server the watches that no server has. */
  void settle() {
    if (over || answers.areHeldBack()) {
      return;
    }
    WatchUpstream at = placement.upstream();
    if (at != null) {
      watches.settle(at);
    } else if (!watches.areAllPlaced() || progressAsked > 0) {
      placement.find(watches.wantLeader());
    }
  }

  /** A server has been found. */
  void found(WatchUpstream at) {
    settle();
    if (progressAsked > 0 && watches.areAllPlaced()) {
      at.askProgress();
    }
  }

  /** A server has lost these watches. */
  void unsettle(List<ProxiedWatch> without) {
    watches.unsettle(without).forEach(watch -> answers.canceled(watch.id, ""));
  }

  /** A stream at a server has ended. */
  synchronized void ended(WatchUpstream ended, Status status, boolean sent) {
    LargeRevision underWay = large;
    if (over) {
      return;
    } else if (underWay != null && underWay.isAt(ended)) {
      underWay.ended(status);
    } else if (placement.upstream() == ended) {
      placement.ended(ended, status, sent);
    }
  }

  // ---- Answers of a server

  /**
   * Takes a server's answer.
   *
   * @return false when this stream does not use the server's stream any more
   */
  synchronized boolean told(WatchUpstream from, WatchResponseSummary summary, Bytes message)
      throws IOException {
    LargeRevision underWay = large;
    if (underWay != null && underWay.isAt(from) && !over) {
      underWay.told(summary, message);
      return true;
    }
    if (placement.upstream() != from) {
      return false;
    }
    placement.heard();
    answers.noteHeader(summary.header());
    ProxiedWatch watch = from.whose(summary);
    if (watch != null) {
      told(from, watch, summary, message);
    } else if (summary.created()) {
      askProgressAgain(from, false); // the answer is for a watch of the previous client
    } else if (summary.watchId() == -1 && summary.isProgress()) {
      progress(from, summary, message);
    }
    return true;
  }

  private void told(
      WatchUpstream from, ProxiedWatch watch, WatchResponseSummary summary, Bytes message)
      throws IOException {
    if (summary.created()) {
      created(from, watch, summary, message);
    } else if (summary.canceled()) {
      canceledBy(from, watch, summary, message);
    } else {
      switch (answers.tell(watch, summary, message)) {
        case TOLD -> {}
        case NO_ROOM -> {
          from.forget(watch);
          watches.unsettle(watch);
          if (client.isReady()) {
            onReady(); // the client may have read before the watch was noted
          }
        }
        case BUSY -> {
          from.forget(watch);
          watches.unsettle(watch);
          // the caller may hold locks of another client when it reports room
          watch.awaitRoom(bytes -> router.later(() -> roomCame(watch, bytes), 0));
        }
        case LARGE -> {
          from.forget(watch);
          large = new LargeRevision(router, this, watch, answers, client);
          large.beginAt(from.endpoint());
        }
        case TOO_LARGE -> {
          from.forget(watch);
          watches.remove(watch);
          answers.canceled(watch.id, TOO_LARGE);
        }
      }
    }
  }

  /** A watch has waited for room, and got this many bytes. */
  private synchronized void roomCame(ProxiedWatch watch, long bytes) {
    watch.waited(bytes, watches.isUnplaced(watch) && !answers.areHeldBack());
    settle();
  }

  /**
   * A large revision has been sent, or its watch has ended.
   *
   * @param goesOn whether the watch continues, unless its client has cancelled it; false when its
   *     server has ended it
   */
  void overWith(LargeRevision done, boolean goesOn) {
    large = null;
    answers.holdBack(false);
    var _ = done.upstream().release();
    if (goesOn && done.watch().canceling) {
      canceledHere(done.watch());
    } else if (goesOn) {
      watches.unsettle(done.watch());
    }
    onReady();
    settle();
  }

  private void created(
      WatchUpstream from, ProxiedWatch watch, WatchResponseSummary summary, Bytes message)
      throws IOException {
    boolean again = watches.answered(watch);
    if (summary.canceled()) {
      from.dropped(watch);
      watches.remove(watch);
      if (again) {
        answers.refusedAgain(watch.id, message);
      } else {
        answers.pass(summary.watchId() == -1 ? -1 : watch.id, message);
      }
    } else if (!again) {
      watches.created(watch, summary.revision());
      answers.pass(watch.id, message);
    }
    askProgressAgain(from, again);
    if (paused) {
      askNext();
    }
  }

  /** Asks for progress again, when the answer can hold for the whole stream now. */
  private void askProgressAgain(WatchUpstream from, boolean resumed) {
    boolean wanted = progressAsked > 0 && (resumed || progressTooEarly);
    if (wanted && watches.areTogether() && !from.owesAnswer()) {
      progressTooEarly = false;
      from.askProgress();
    }
  }

  void canceledBy(
      WatchUpstream from, ProxiedWatch watch, WatchResponseSummary summary, Bytes message) {
    if (summary.compactRevision() != 0 && !watch.canceling) {
      watch.compacted = true; // as in etcd, the id stays in use until the client cancels the watch
      from.forget(watch);
    } else {
      from.dropped(watch);
      watches.remove(watch);
    }
    answers.pass(watch.id, message);
  }

  private void progress(WatchUpstream from, WatchResponseSummary summary, Bytes message) {
    if (from.owesAnswer()) {
      progressTooEarly = true;
      return;
    }
    if (!watches.areTogether()) {
      return; // some watches are not at this server
    }
    if (from.endpoint()
        .remembers()) { // a server of etcd may report progress ahead of the events it has sent
      watches.toldUpTo(summary.revision());
    }
    if (progressAsked > 0 && answers.progress(summary, message)) {
      progressAsked--;
    }
  }

  boolean isOver() {
    return over;
  }
}
