package io.balsa.api;

import io.balsa.budget.EndableCall;
import io.balsa.errors.EtcdError;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The streams of clients that sent {@code hasleader}. They end with {@code no leader} when this
 * server has known no leader for three seconds (etcd: three election timeouts). The clients can
 * then use a server that is not partitioned.
 */
final class HasLeaderStreams {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final long LOOK_MILLIS = 250;

  private final LongSupplier leader;
  private final Set<EndableCall<?, ?>> open = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().name("balsa-no-leader").daemon().unstarted(task));
  private volatile long lastLed = System.nanoTime();

  /**
   * Does nothing until {@link #begin}.
   *
   * @param leader the leader that this server knows; 0 for none
   */
  HasLeaderStreams(LongSupplier leader) {
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
      open.forEach(stream -> stream.end(EtcdError.NO_LEADER.status()));
    }
  }

  <Q, A> ServerCall.Listener<Q> open(
      ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
    return EndableCall.start(call, metadata, next, open::add, open::remove);
  }
}
