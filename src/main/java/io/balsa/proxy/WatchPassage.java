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
 *   <li>A stream whose servers break twice soon after they took it is not carried to a third.
 * </ol>
 *
 * <p>The monitor guards all of it; upstreams may be called while it is held, never the other way
 * round.
 */
final class WatchPassage extends ServerCall.Listener<Bytes> {
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
  private final WatchHome home;
  private @Nullable LargeRevision large;
  private int progressAsked;

  /** Whether an answer about progress came too early to be passed on. */
  private boolean progressTooEarly;

  private boolean paused;
  private volatile boolean over;

  WatchPassage(Router router, ServerCall<Bytes, Bytes> client, Metadata headers) {
    this.router = router;
    this.client = client;
    this.share = Share.current();
    this.answers = new WatchAnswers(client, share);
    this.headers = StreamHeaders.of(headers);
    this.watches = new ClientWatches(router.watches().bytes());
    this.home = new WatchHome(router, this, this.headers);
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
    PassedWatch watch = new PassedWatch(request, share);
    if (!watches.add(watch)) {
      answers.refused(TOO_MANY);
      return;
    }
    WatchUpstream at = home.upstream();
    if (watch.startsNow() && at != null && at.endpoint() != router.leader()) {
      home.move(); // a follower may not know yet what the client knows
    }
    settle();
  }

  private void cancel(long id) {
    PassedWatch watch = watches.get(id);
    if (watch == null || watch.canceling) {
      return;
    }
    watch.canceling = true;
    LargeRevision underWay = large;
    WatchUpstream at = home.upstream();
    if (underWay != null && underWay.watch() == watch) {
      underWay.cancel(); // its place is not at the home
    } else if (at != null && watch.place != 0) {
      at.cancel(watch);
    } else if (watch.created) {
      canceledHere(watch);
    }
  }

  private void canceledHere(PassedWatch watch) {
    watches.remove(watch);
    answers.canceled(watch.id, "");
  }

  private void progress() {
    progressAsked++;
    WatchUpstream at = home.upstream();
    if (at == null) {
      settle();
    } else if (watches.haveHomes()) {
      at.askProgress();
    }
  }

  private void askNext() {
    if (client.isReady() && large == null && watches.homeless() < WAITING_MAX) {
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
    home.release();
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
    WatchUpstream at = home.upstream();
    if (at != null) {
      watches.settle(at);
    } else if (!watches.haveHomes() || progressAsked > 0) {
      home.find(watches.wantLeader());
    }
  }

  /** A server has been found. */
  void found(WatchUpstream at) {
    settle();
    if (progressAsked > 0 && watches.haveHomes()) {
      at.askProgress();
    }
  }

  /** A server has these no more. */
  void unsettle(List<PassedWatch> without) {
    watches.unsettle(without).forEach(watch -> answers.canceled(watch.id, ""));
  }

  /** A stream at a server has ended. */
  synchronized void ended(WatchUpstream ended, Status status, boolean sent) {
    LargeRevision underWay = large;
    if (over) {
      return;
    } else if (underWay != null && underWay.isAt(ended)) {
      underWay.ended(status);
    } else if (home.upstream() == ended) {
      home.ended(ended, status, sent);
    }
  }

  // ---- What a server says

  /**
   * Takes a server's answer.
   *
   * @return false when the server's stream serves this one no more
   */
  synchronized boolean told(WatchUpstream from, WatchNews news, Bytes message) throws IOException {
    LargeRevision underWay = large;
    if (underWay != null && underWay.isAt(from) && !over) {
      underWay.told(news, message);
      return true;
    }
    if (home.upstream() != from) {
      return false;
    }
    home.heard();
    answers.noteHeader(news.header());
    PassedWatch watch = from.whose(news);
    if (watch != null) {
      told(from, watch, news, message);
    } else if (news.created()) {
      askProgressAgain(from, false); // the watch was that of the client before
    } else if (news.watchId() == -1 && news.isProgress()) {
      progress(from, news, message);
    }
    return true;
  }

  private void told(WatchUpstream from, PassedWatch watch, WatchNews news, Bytes message)
      throws IOException {
    if (news.created()) {
      created(from, watch, news, message);
    } else if (news.canceled()) {
      canceledBy(from, watch, news, message);
    } else {
      switch (answers.tell(watch, news, message)) {
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
  private synchronized void roomCame(PassedWatch watch, long bytes) {
    watch.waited(bytes, watches.isHomeless(watch) && !answers.areHeldBack());
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

  private void created(WatchUpstream from, PassedWatch watch, WatchNews news, Bytes message)
      throws IOException {
    boolean again = watches.answered(watch);
    if (news.canceled()) {
      from.dropped(watch);
      watches.remove(watch);
      if (again) {
        answers.refusedAgain(watch.id, message);
      } else {
        answers.pass(news.watchId() == -1 ? -1 : watch.id, message);
      }
    } else if (!again) {
      watches.created(watch, news.revision());
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

  void canceledBy(WatchUpstream from, PassedWatch watch, WatchNews news, Bytes message) {
    if (news.compactRevision() != 0 && !watch.canceling) {
      watch.compacted = true; // its id stays taken until the client ends it, as in etcd
      from.forget(watch);
    } else {
      from.dropped(watch);
      watches.remove(watch);
    }
    answers.pass(watch.id, message);
  }

  private void progress(WatchUpstream from, WatchNews news, Bytes message) {
    if (from.owesAnswer()) {
      progressTooEarly = true;
      return;
    }
    if (!watches.areTogether()) {
      return; // it says nothing of these
    }
    if (from.endpoint().remembers()) { // etcd's may be ahead of what it told
      watches.toldUpTo(news.revision());
    }
    if (progressAsked > 0 && answers.progress(news, message)) {
      progressAsked--;
    }
  }

  boolean isOver() {
    return over;
  }
}
