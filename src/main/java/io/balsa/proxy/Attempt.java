package io.balsa.proxy;

import io.balsa.budget.Share;
import io.balsa.bytes.Bytes;
import io.balsa.client.CallLane;
import io.balsa.client.Endpoint;
import io.balsa.client.SentMark;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/** One server's try at a single call. */
final class Attempt extends ClientCall.Listener<Bytes> implements Entrusted {
  private final Passage passage;
  private final Endpoint endpoint;
  private final SentMark mark = new SentMark(this::arriving);
  private final @Nullable CallLane lane;
  private final ClientCall<Bytes, Bytes> call;
  private @Nullable Bytes answer;
  private long unwanted;
  private boolean started;
  private @Nullable String cancelled;

  Attempt(Passage passage, Endpoint endpoint) {
    this.passage = passage;
    this.endpoint = endpoint;
    this.lane = passage.readsRange() ? endpoint.readLane() : null;
    this.call =
        OwnCalls.make(
            () ->
                lane == null
                    ? endpoint.call(passage.method(), mark)
                    : lane.call(passage.method(), mark));
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /** Whether it may have reached the server. */
  boolean isSent() {
    return mark.isSet();
  }

  /** What came; null while nothing has. */
  @Nullable Bytes answer() {
    return answer;
  }

  void start() {
    call.start(this, passage.onward());
    call.request(2);
    call.sendMessage(passage.message());
    call.halfClose();
    String cancelledMeanwhile;
    synchronized (this) {
      started = true;
      cancelledMeanwhile = cancelled;
    }
    if (cancelledMeanwhile != null) {
      call.cancel(cancelledMeanwhile, null);
    }
  }

  @Override
  public void silent() {
    passage.silent(this);
  }

  @Override
  public void replaced() {
    passage.replaced(this);
  }

  /** A call that is being started on another thread is cancelled there, once it has started. */
  void cancel(String why) {
    synchronized (this) {
      cancelled = why;
      if (!started) {
        return;
      }
    }
    call.cancel(why, null);
  }

  /** What sends is not silent. A large answer that nobody wants would take room all the same. */
  private void arriving(long bytes) {
    endpoint.heard();
    if (!passage.arriving(this, bytes)) {
      unwanted += bytes;
      if (unwanted > Share.SMALL_BYTES) {
        cancel("nobody wants the answer");
      }
    }
  }

  @Override
  public void onHeaders(Metadata headers) {
    endpoint.heard(headers);
  }

  @Override
  public void onMessage(Bytes whole) {
    endpoint.heard();
    answer = whole;
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    endpoint.heard(trailers);
    if (lane != null) {
      lane.release();
    }
    passage.ended(this, status, trailers);
  }
}
