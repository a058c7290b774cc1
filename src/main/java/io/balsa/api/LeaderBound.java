package io.balsa.api;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The streams of clients that asked for {@code hasleader}: when this server has known no leader for
 * three seconds (etcd: three election timeouts), they end with {@code no leader}, so that the
 * client goes to a server that is not cut off.
 */
final class LeaderBound {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final long LOOK_MILLIS = 250;

  private final LongSupplier leader;
  private final Set<Stream<?, ?>> open = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().name("balsa-no-leader").daemon().unstarted(task));
  private volatile long lastLed = System.nanoTime();

  /**
   * Made; looks at nothing yet.
   *
   * @param leader the leader that this server knows; 0 for none
   */
  LeaderBound(LongSupplier leader) {
    this.leader = leader;
  }

  void begin() {
    var _ =
        looks.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  void stop() {
    looks.shutdownNow();
  }

  private void look() {
    long now = System.nanoTime();
    if (leader.getAsLong() != 0) {
      lastLed = now;
    } else if (now - lastLed > PATIENCE_NANOS) {
      open.forEach(Stream::orphan);
    }
  }

  <Q, A> ServerCall.Listener<Q> open(
      ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
    Stream<Q, A> stream = new Stream<>(call);
    open.add(stream);
    return stream.listen(next.startCall(stream, metadata));
  }

  /** Locked, because the service sends from its own thread. */
  private final class Stream<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private ServerCall.Listener<Q> service = new ServerCall.Listener<>() {};
    private boolean over;

    Stream(ServerCall<Q, A> call) {
      super(call);
    }

    synchronized ServerCall.Listener<Q> listen(ServerCall.Listener<Q> heard) {
      service = heard;
      return new ForwardingServerCallListener.SimpleForwardingServerCallListener<>(heard) {
        @Override
        public void onMessage(Q message) {
          if (!isOver()) {
            super.onMessage(message);
          }
        }

        @Override
        public void onCancel() {
          if (end()) {
            super.onCancel();
          }
        }

        @Override
        public void onComplete() {
          if (end()) {
            super.onComplete();
          }
        }
      };
    }

    private synchronized boolean isOver() {
      return over;
    }

    /** Whether it was not over before. */
    private synchronized boolean end() {
      open.remove(this);
      boolean first = !over;
      over = true;
      return first;
    }

    void orphan() {
      ServerCall.Listener<Q> left;
      synchronized (this) {
        if (over) {
          return;
        }
        over = true;
        left = service;
        super.close(EtcdError.NO_LEADER.status(), new Metadata());
      }
      open.remove(this);
      left.onCancel();
    }

    @Override
    public synchronized boolean isCancelled() {
      return over || super.isCancelled();
    }

    @Override
    public synchronized void sendHeaders(Metadata headers) {
      if (!over) {
        super.sendHeaders(headers);
      }
    }

    @Override
    public synchronized void sendMessage(A message) {
      if (!over) {
        super.sendMessage(message);
      }
    }

    @Override
    public synchronized void close(Status status, Metadata trailers) {
      open.remove(this);
      if (!over) {
        super.close(status, trailers);
      }
    }
  }
}
