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
 * A client's watch stream, which outlives the servers that serve it. Each watch is remembered with
 * the first revision that its client has not been told of; when its server ends, falls silent or is
 * cut off, the watch goes on from there at another one, and the client notices nothing.
 *
 * <ol>
 *   <li>Every event of a watch is told once and in order, and that it is there is told once.
 *   <li>Progress is told only while every watch of the stream is at the server that says it, and
 *       was there when the server said it.
 *   <li>A client that does not read holds back nobody: its watches are ended at the server, and go
 *       on from where they were when it reads again.
 *   <li>A stream whose servers break twice soon after they took it is not passed to a third.
 * </ol>
 *
 * <p>The monitor guards all of it; upstreams may be called while it is held, never the other way
 * round.
 */
final class ProxiedWatchStream extends ServerCall.Listener<Bytes> {
  /** So many watches may wait for a server before the client is asked for no more. */
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

  /** Whether an answer about progress came too early to be passed on. */
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

  // ---- What the client asks

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
      placement.move(); // a follower may not know yet what the client knows
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
      underWay.cancel(); // its place is not at the placement
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

  /** Ends it once, without a word. */
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

  // ---- Which server has it

  /** Has a server take what none has. */
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

  /** A server has these no more. */
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

  // ---- What a server says

  /**
   * Takes a server's answer.
   *
   * @return false when the server's stream serves this one no more
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
      askProgressAgain(from, false); // the watch was that of the client before
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
            onReady(); // there was room again before this was noted
          }
        }
        case BUSY -> {
          from.forget(watch);
          watches.unsettle(watch);
          // others' locks may be held where room comes
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

  /** A watch waited for room, and got so much. */
  private synchronized void roomCame(ProxiedWatch watch, long bytes) {
    watch.waited(bytes, watches.isUnplaced(watch) && !answers.areHeldBack());
    settle();
  }

  /**
   * A large revision has been told, or its watch has ended.
   *
   * @param goesOn whether the watch goes on, unless its client has ended it; false when its server
   *     has
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

  /** What could not be said of the whole stream before can be said now. */
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
      watch.compacted = true; // its id stays taken until the client ends it, as in etcd
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
      return; // it says nothing of these
    }
    if (from.endpoint().remembers()) { // etcd's may be ahead of what it told
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
