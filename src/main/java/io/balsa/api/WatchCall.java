package io.balsa.api;

import io.balsa.access.CallerSession;
import io.balsa.budget.Share;
import io.balsa.errors.EtcdError;
import io.balsa.front.MessageBundle;
import io.balsa.model.Caller;
import io.balsa.model.Span;
import io.balsa.node.Node;
import io.balsa.proto.etcdserverpb.WatchRequest;
import io.balsa.watch.WatchAnswer;
import io.balsa.watch.WatchSink;
import io.balsa.watch.Watching;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The gRPC call of a client's watch stream. It sends only on the watch lane, so answers keep their
 * order. It reads the client's next message when there is room for the answer. While the client
 * does not read, or the answer budget is used up, it sends nothing and keeps nothing.
 *
 * <p>A revision that is too large to be held is sent as one message in pieces, see {@link
 * MessageBundle#piece}. Until its last piece, nothing else is sent.
 *
 * <p>As in etcd, the stream goes on when the client half-closes it; it ends when the client cancels
 * it.
 */
final class WatchCall extends ServerCall.Listener<WatchRequest> implements WatchSink {
  /**
   * Messages are gathered up to this size before they are sent, for instance an event for a
   * thousand watches. A bundle costs about the same for any size.
   */
  private static final int BUNDLE_BYTES = 256 << 10;

  /** gRPC's length of a message has four bytes; the rest is for the parts beside the events. */
  private static final long MESSAGE_BYTES_MAX = Integer.MAX_VALUE - 1024;

  private final ServerCall<WatchRequest, List<WatchMessage>> call;
  private final boolean takesBundles;
  private final WatchEncoder encoder;
  private final CallMetrics metrics;
  private final WatchMetrics counts;
  private final boolean tellsTotal;
  private final Share share;
  private final WatchRoom room;
  private final CallerSession session = CallerSession.current();
  private @Nullable Node node;
  private @Nullable Watching watching;
  private List<WatchMessage> gathered = new ArrayList<>();
  private int gatheredBytes;
  private boolean headersSent;
  private boolean inPieces;
  private boolean over;
  private int watchers;
  private boolean asks;

  /**
   * @param tellsTotal whether the first fragment tells the client the size of all fragments
   */
  WatchCall(
      ServerCall<WatchRequest, List<WatchMessage>> call,
      Share share,
      WatchEncoder encoder,
      CallMetrics metrics,
      WatchMetrics counts,
      boolean tellsTotal) {
    this.call = call;
    this.takesBundles = MessageBundle.takenBy(call);
    this.encoder = encoder;
    this.metrics = metrics;
    this.counts = counts;
    this.tellsTotal = tellsTotal;
    this.share = share;
    this.room = new WatchRoom(call, share, task -> watching().then(task), this::roomCame);
  }

  void begin(Node its) {
    node = its;
    watching = its.watch(this);
    counts.streamBegan();
    call.setOnReadyThreshold(WatchRoom.READY_BYTES);
    call.request(1);
  }

  private Watching watching() {
    return Objects.requireNonNull(watching, "a call has begun");
  }

  @Override
  public void onMessage(WatchRequest request) {
    switch (request.getRequestUnionCase()) {
      case CREATE_REQUEST -> create(WatchService.request(request.getCreateRequest()));
      case CANCEL_REQUEST -> watching().cancel(request.getCancelRequest().getWatchId());
      case PROGRESS_REQUEST -> watching().progress();
      case REQUESTUNION_NOT_SET -> {}
    }
    watching().then(this::askNext);
  }

  private void create(io.balsa.watch.WatchRequest request) {
    try {
      Caller caller = session.caller();
      if (!session.mayAsk(caller)) {
        watching().refuse(WatchAnswer.Refusal.TOO_FAST);
      } else if (isPast(request) && !share.mayReadMuch()) {
        watching().refuse(WatchAnswer.Refusal.HEAP_NEARLY_FULL);
      } else {
        watching().create(caller, request);
      }
    } catch (StatusRuntimeException ended) { // the call's token has ended
      session.watched("", request.span(), ended.getStatus());
      boolean tooFast = ended.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED;
      watching().refuse(tooFast ? WatchAnswer.Refusal.TOO_FAST : WatchAnswer.Refusal.INVALID_TOKEN);
    }
  }

  @Override
  public void judged(Caller caller, Span span, WatchAnswer.@Nullable Refusal denial) {
    Status status = denial == null ? Status.OK : WatchEncoder.error(denial).getStatus();
    session.watched(caller.user(), span, status);
  }

  /**
   * Whether a watch needs changes that were made before; a client that comes back may need none.
   */
  private boolean isPast(io.balsa.watch.WatchRequest request) {
    long from = request.startRevision();
    return from > 0 && from <= Objects.requireNonNull(node, "a call has begun").status().revision();
  }

  private void askNext() {
    asks = !isReady() || inPieces;
    if (!asks) {
      call.request(1);
    }
  }

  @Override
  public void onReady() {
    if (room.hasDrained()) {
      roomCame();
    }
  }

  private void roomCame() {
    watching().ready();
    watching().then(this::drained);
  }

  private void drained() {
    if (asks) {
      askNext();
    }
  }

  @Override
  public boolean isReady() {
    return !over && room.isThere();
  }

  @Override
  public boolean takeRoom(long bytes) {
    return !over && room.take(bytes);
  }

  @Override
  public long messageBytesMax() {
    return takesBundles ? MESSAGE_BYTES_MAX : 0;
  }

  @Override
  public void send(WatchAnswer answer) {
    if (over) {
      return;
    }
    if (!headersSent) {
      headersSent = true;
      call.sendHeaders(new Metadata());
    }
    count(answer);
    for (WatchMessage message : encoder.encode(answer, tellsTotal)) {
      gather(message);
    }
    if (answer instanceof WatchAnswer.Part part) {
      inPieces = !part.last();
      flush();
      if (part.last() && asks) {
        askNext();
      }
    }
  }

  private void count(WatchAnswer answer) {
    switch (answer) {
      case WatchAnswer.Created _ -> {
        watchers++;
        counts.watcherBegan();
      }
      case WatchAnswer.Canceled _, WatchAnswer.Revoked _, WatchAnswer.Compacted _ -> {
        watchers--;
        counts.watcherEnded();
      }
      case WatchAnswer.Told told -> counts.sent(told.batch().events().size());
      case WatchAnswer.Part part -> counts.sent(part.batch().events().size());
      case WatchAnswer.Refused _, WatchAnswer.Progress _ -> {}
    }
  }

  private void gather(WatchMessage message) {
    if (gatheredBytes + message.size() > BUNDLE_BYTES || message.isPiece()) {
      flush();
    }
    gathered.add(message);
    gatheredBytes += message.size();
    room.gathers(message.size());
    if (gatheredBytes > BUNDLE_BYTES || !takesBundles || message.isPiece()) {
      flush();
    }
  }

  @Override
  public void flush(boolean more) {
    flush();
    if (!more) {
      room.rest();
    }
  }

  private void flush() {
    if (!over && !gathered.isEmpty()) {
      call.sendMessage(gathered);
      room.sends();
      if (gathered.size() > 1) {
        metrics.sentTogether(call.getMethodDescriptor().getFullMethodName(), gathered.size() - 1);
      }
      gathered = new ArrayList<>();
      gatheredBytes = 0;
    }
  }

  @Override
  public void end(End why) {
    if (!over) {
      finish();
      call.close(error(why).status(), new Metadata());
    }
  }

  private static EtcdError error(End why) {
    return switch (why) {
      case CUT_SHORT, FAILED -> EtcdError.WATCH_CUT_SHORT;
      case TOO_LARGE -> EtcdError.REVISION_TOO_LARGE;
    };
  }

  @Override
  public void onCancel() {
    watching().then(this::finish);
    watching().close();
  }

  @Override
  public void onComplete() {
    onCancel();
  }

  private void finish() {
    if (!over) {
      over = true;
      counts.streamEnded(watchers);
    }
    gathered = new ArrayList<>();
    room.close();
  }
}
