package io.balsa.proxy;

import io.balsa.budget.BudgetClock;
import io.balsa.budget.Share;
import io.balsa.bytes.Bytes;
import io.balsa.client.Endpoint;
import io.balsa.client.PooledChannel;
import io.balsa.client.SentMark;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One try of a unary call at one server. */
final class Attempt extends ClientCall.Listener<Bytes> implements InFlightCall {
  private final ProxiedCall proxied;
  private final Endpoint endpoint;
  private final @Nullable LargeRequests turns;
  private final SentMark mark = new SentMark(this::arriving);
  private final @Nullable PooledChannel channel;
  private final ClientCall<Bytes, Bytes> call;
  private @Nullable Bytes answer;
  private long unwanted;
  private final LargeRequests.Large turn = this::send;
  private final AtomicBoolean turnOver = new AtomicBoolean();
  private State state = State.WAITING;
  private @Nullable String cancelled;

  private enum State {
    WAITING,
    WITHDRAWN,
    STARTING,
    STARTED
  }

  /**
   * A try that has not begun.
   *
   * @param turns where it waits for its turn; null if it does not wait
   */
  Attempt(ProxiedCall proxied, Endpoint endpoint, @Nullable LargeRequests turns) {
    this.proxied = proxied;
    this.endpoint = endpoint;
    this.turns = turns;
    this.channel = proxied.readsRange() ? endpoint.readChannel() : null;
    this.call =
        DetachedCalls.make(
            () ->
                channel == null
                    ? endpoint.call(proxied.method(), mark)
                    : channel.call(proxied.method(), mark));
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /** Whether the call may have reached the server. */
  boolean isSent() {
    return mark.isSet();
  }

  /** The answer; null until it has come. */
  @Nullable Bytes answer() {
    return answer;
  }

  /** Sends the request, or lets it wait for its turn. */
  void start() {
    if (turns == null) {
      send();
      return;
    }
    turns.add(turn);
    if (isWithdrawn() && turns.remove(turn)) {
      over(Status.CANCELLED, new Metadata());
    }
  }

  /** Sends the request, unless it was withdrawn; its turn has come. */
  private void send() {
    if (begins()) {
      try {
        begin();
      } finally {
        limitTurn();
      }
    } else {
      endTurn();
      over(Status.CANCELLED, new Metadata());
    }
  }

  private synchronized boolean begins() {
    if (state == State.WITHDRAWN) {
      return false;
    }
    state = State.STARTING;
    return true;
  }

  private synchronized boolean isWithdrawn() {
    return state == State.WITHDRAWN;
  }

  private void begin() {
    call.start(this, proxied.onward());
    call.request(2);
    call.sendMessage(proxied.message());
    call.halfClose();
    String cancelledMeanwhile;
    synchronized (this) {
      state = State.STARTED;
      cancelledMeanwhile = cancelled;
    }
    if (cancelledMeanwhile != null) {
      call.cancel(cancelledMeanwhile, null);
    }
  }

  private void limitTurn() {
    if (turns != null) {
      BudgetClock.real().after(LargeRequests.TURN_NANOS, this::endTurn);
    }
  }

  /** Ends the turn of a large request, once. */
  private void endTurn() {
    if (turns != null && !turnOver.getAndSet(true)) {
      turns.ended();
    }
  }

  @Override
  public void silent() {
    proxied.silent(this);
  }

  @Override
  public void replaced() {
    proxied.replaced(this);
  }

  /** Takes the request back if it was not sent; false if it was sent. */
  boolean withdraw() {
    synchronized (this) {
      if (state == State.STARTING || state == State.STARTED) {
        return false;
      }
      state = State.WITHDRAWN;
    }
    if (turns != null && turns.remove(turn)) {
      over(Status.CANCELLED, new Metadata());
    }
    return true;
  }

  /** Cancels the call. If another thread is starting it, that thread cancels it afterwards. */
  void cancel(String why) {
    if (withdraw()) {
      return;
    }
    synchronized (this) {
      cancelled = why;
      if (state != State.STARTED) {
        return;
      }
    }
    call.cancel(why, null);
  }

  /**
   * A server that sends is not silent. A large answer that no client waits for is cancelled,
   * because it would take memory.
   */
  private void arriving(long bytes) {
    endpoint.heard();
    if (!proxied.arriving(this, bytes)) {
      unwanted += bytes;
      if (unwanted > Share.SMALL_BYTES) {
        cancel("no client waits for the answer");
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
    try {
      over(status, trailers);
    } finally {
      endTurn();
    }
  }

  private void over(Status status, Metadata trailers) {
    if (channel != null) {
      channel.release();
    }
    proxied.ended(this, status, trailers);
  }
}
