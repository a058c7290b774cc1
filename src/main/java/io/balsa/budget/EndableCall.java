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
 * A call that somebody beside its service may end, with a status that its client understands. The
 * service learns of it as of a client that has gone, and what it still sends goes nowhere.
 *
 * <p>Locked, because the service sends from its own thread.
 */
public final class EndableCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
  private final Consumer<EndableCall<?, ?>> over;
  private final @Nullable CallShare share;
  private boolean closed;
  private boolean ended;

  private EndableCall(
      ServerCall<Q, A> call, Consumer<EndableCall<?, ?>> over, @Nullable CallShare share) {
    super(call);
    this.over = over;
    this.share = share;
  }

  /**
   * Gives a call to its service.
   *
   * @param opened told once the service has taken it
   * @param over told when nothing remains to be ended; more than once, on any thread
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
   * The same, of a call whose messages are counted.
   *
   * @param share where they are; null for who counts none
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

  /** Ends it, if it has not ended. */
  public void end(Status status) {
    synchronized (this) {
      if (closed) {
        return;
      }
      ended = true;
    }
    close(status, new Metadata());
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
        if (!isEnded()) {
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

  /** All that a stream has sent before it is ready has left, but for a few KiB. */
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
    if (close()) {
      over.accept(this);
      super.close(status, trailers);
    }
  }

  private synchronized boolean close() {
    boolean first = !closed;
    closed = true;
    return first;
  }
}
