package io.balsa.api;

import io.balsa.front.Bundle;
import io.balsa.kv.WatchAnswer;
import io.balsa.kv.WatchSink;
import io.balsa.node.Node;
import io.balsa.node.Watching;
import io.balsa.proto.etcdserverpb.WatchRequest;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client's watch stream. Everything that is sent is sent on the watch lane, so that answers keep
 * their order; the client's next message is read when there is room for the answer to it. When the
 * client does not read, gRPC's buffer and a little more fill up, and then nothing is sent.
 *
 * <p>A client that has nothing more to say still wants to hear, as in etcd: the stream ends when
 * the client cancels it.
 */
final class WatchCall extends ServerCall.Listener<WatchRequest> implements WatchSink {
  /**
   * What a stream may have under way beyond gRPC's buffer: one event may be told to many watches.
   */
  private static final long STREAM_BYTES_MAX = 1 << 20;

  /** What all streams together may. */
  private static final long ALL_BYTES_MAX = 32 << 20;

  /** What all streams have under way beyond gRPC's buffers; on the watch lane. */
  static final class Loan {
    private long bytes;
  }

  /**
   * So much is gathered before it is sent: an event for a thousand watches. It is handed on, queued
   * and written as one, which costs about the same for any size.
   */
  private static final int BUNDLE_BYTES = 256 << 10;

  private final ServerCall<WatchRequest, List<WatchMessage>> call;
  private final boolean takesBundles;
  private final WatchEncoder encoder;
  private final CallMetrics metrics;
  private final Loan loan;
  private @Nullable Watching watching;
  private List<WatchMessage> gathered = new ArrayList<>();
  private int gatheredBytes;
  private boolean headersSent;
  private boolean over;
  private boolean asks;
  private long lent;
  private volatile boolean waitsForRoom;

  WatchCall(
      ServerCall<WatchRequest, List<WatchMessage>> call,
      WatchEncoder encoder,
      CallMetrics metrics,
      Loan loan) {
    this.call = call;
    this.takesBundles = Bundle.takenBy(call);
    this.encoder = encoder;
    this.metrics = metrics;
    this.loan = loan;
  }

  void begin(Node node) {
    watching = node.watch(this);
    call.request(1);
  }

  private Watching watching() {
    return Objects.requireNonNull(watching, "a call has begun");
  }

  @Override
  public void onMessage(WatchRequest request) {
    switch (request.getRequestUnionCase()) {
      case CREATE_REQUEST -> watching().create(WatchService.request(request.getCreateRequest()));
      case CANCEL_REQUEST -> watching().cancel(request.getCancelRequest().getWatchId());
      case PROGRESS_REQUEST -> watching().progress();
      case REQUESTUNION_NOT_SET -> {}
    }
    watching().then(this::askNext);
  }

  private void askNext() {
    if (isReady()) {
      asks = false;
      call.request(1);
    } else {
      asks = true;
    }
  }

  @Override
  public void onReady() {
    if (waitsForRoom) {
      waitsForRoom = false;
      watching().ready();
      watching()
          .then(
              () -> {
                if (asks) {
                  askNext();
                }
              });
    }
  }

  /** What waits for room is looked at once more after it is noted, as room may come between. */
  @Override
  public boolean isReady() {
    if (over) {
      return false;
    }
    if (!gathered.isEmpty()) {
      return true; // there was room when it began, and no more than a bundle is gathered
    }
    if (call.isReady()) {
      giveBack();
      return true;
    }
    if (lent < STREAM_BYTES_MAX && loan.bytes < ALL_BYTES_MAX) {
      return true;
    }
    waitsForRoom = true;
    return call.isReady();
  }

  private void giveBack() {
    loan.bytes -= lent;
    lent = 0;
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
    for (WatchMessage message : encoder.encode(answer)) {
      gather(message);
    }
  }

  private void gather(WatchMessage message) {
    if (gatheredBytes + message.size() > BUNDLE_BYTES) {
      flush();
    }
    gathered.add(message);
    gatheredBytes += message.size();
    if (gatheredBytes > BUNDLE_BYTES || !takesBundles) {
      flush();
    }
  }

  @Override
  public void flush() {
    if (!over && !gathered.isEmpty()) {
      lent += gatheredBytes;
      loan.bytes += gatheredBytes;
      call.sendMessage(gathered);
      if (gathered.size() > 1) {
        metrics.sentTogether(call.getMethodDescriptor().getFullMethodName(), gathered.size() - 1);
      }
      gathered = new ArrayList<>();
      gatheredBytes = 0;
    }
  }

  @Override
  public void onCancel() {
    watching().then(this::end);
    watching().close();
  }

  private void end() {
    over = true;
    giveBack();
  }
}
