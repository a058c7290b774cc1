package io.balsa.budget;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call that can be ended from outside its service, with a status for the client. To the service
 * this looks like a client that has gone; what it still sends is dropped.
 *
 * <p>The methods lock, because the service sends from its own thread.
 */
public final class EndableCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
  private final Consumer<EndableCall<?, ?>> over;
  private final @Nullable CallShare share;
  private boolean closed;
  private boolean ended;

  /** Whether the client has ended its requests. */
  private boolean whole;

  private final long begunNanos = System.nanoTime();

  private EndableCall(
      ServerCall<Q, A> call, Consumer<EndableCall<?, ?>> over, @Nullable CallShare share) {
    super(call);
    this.over = over;
    this.share = share;
  }

  /**
   * Passes a call on to its service.
   *
   * @param opened called when the service has taken the call
   * @param over called when the call cannot be ended any more; possibly several times, on any
   *     thread
   */
  public static <Q, A> ServerCall.Listener<Q> start(
      ServerCall<Q, A> call,
      Metadata metadata,
      ServerCallHandler<Q, A> next,
      Consumer<EndableCall<?, ?>> opened,
      Consumer<EndableCall<?, ?>> over) {
    return start(call, metadata, next, opened, over, null);
  }

  /**
   * The same for a call whose messages are counted.
   *
   * @param share counts the messages; null if none are counted
   */
  public static <Q, A> ServerCall.Listener<Q> start(
      ServerCall<Q, A> call,
      Metadata metadata,
      ServerCallHandler<Q, A> next,
      Consumer<EndableCall<?, ?>> opened,
      Consumer<EndableCall<?, ?>> over,
      @Nullable CallShare share) {
    EndableCall<Q, A> endable = new EndableCall<>(call, over, share);
    if (share != null) {
      share.isOf(endable);
    }
    ServerCall.Listener<Q> service = next.startCall(endable, metadata);
    opened.accept(endable);
    if (endable.isClosed()) {
      over.accept(endable);
    }
    return endable.listening(service);
  }

  /** Ends the call, if it has not ended. */
  public void end(Status status) {
    synchronized (this) {
      if (closed) {
        return;
      }
      ended = true;
    }
    close(status, new Metadata());
  }

  /**
   * Ends the call if a request of it has been on its way for too long. A request that is ended so
   * does not reach the service, and one that has reached it is not ended: both are decided with the
   * lock.
   *
   * @param nanos the longest time: for the only request of a call from the call's begin, for a
   *     request of a stream from the request's own begin
   * @return whether it was ended
   */
  public boolean endIfSlow(long nanos, Status status) {
    synchronized (this) {
      if (closed || !waitsForRequest(nanos)) {
        return false;
      }
      ended = true;
    }
    close(status, new Metadata());
    return true;
  }

  private boolean waitsForRequest(long nanos) {
    return getMethodDescriptor().getType().clientSendsOneMessage()
        ? !whole && System.nanoTime() - begunNanos > nanos
        : share != null && share.waitsForRequest(nanos);
  }

  /** Notes that the client has ended its requests; false if the call was ended before. */
  private synchronized boolean isWhole() {
    whole = true;
    return !ended;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized boolean isEnded() {
    return ended;
  }

  private ServerCall.Listener<Q> listening(ServerCall.Listener<Q> service) {
    return new SimpleForwardingServerCallListener<>(service) {
      @Override
      public void onMessage(Q message) {
        if (!isEnded() && (share == null || share.serve())) {
          super.onMessage(message);
        }
      }

      @Override
      public void onHalfClose() {
        if (isWhole()) {
          super.onHalfClose();
        }
      }

      @Override
      public void onReady() {
        noteReady();
        super.onReady();
      }

      @Override
      public void onCancel() {
        over.accept(EndableCall.this);
        super.onCancel();
      }

      @Override
      public void onComplete() {
        over.accept(EndableCall.this);
        if (isEnded()) {
          super.onCancel();
        } else {
          super.onComplete();
        }
      }
    };
  }

  @Override
  public synchronized boolean isCancelled() {
    return ended || super.isCancelled();
  }

  @Override
  public synchronized void sendHeaders(Metadata headers) {
    if (!closed) {
      super.sendHeaders(headers);
    }
  }

  @Override
  public synchronized void sendMessage(A message) {
    if (!closed) {
      super.sendMessage(message);
      noteReady();
    }
  }

  @Override
  public boolean isReady() {
    return isCounted() ? noteReady() : super.isReady();
  }

  /** When a stream is ready, all that it sent before has left, except a few KiB. */
  private synchronized boolean noteReady() {
    if (share == null || !share.streams()) {
      return false;
    }
    long before = share.queued();
    boolean ready = super.isReady();
    if (ready && before > 0) {
      share.left(before);
    }
    return ready;
  }

  private boolean isCounted() {
    return share != null && share.streams();
  }

  @Override
  public void close(Status status, Metadata trailers) {
    if (!close()) {
      return;
    }
    over.accept(this);
    if (share == null) {
      super.close(status, trailers);
    } else {
      share.close(status, () -> super.close(status, trailers));
    }
  }

  private synchronized boolean close() {
    boolean first = !closed;
    closed = true;
    return first;
  }
}
