package io.balsa.client;

import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.StatusRequest;
import io.balsa.proto.etcdserverpb.StatusResponse;
import io.grpc.Status;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What {@link ClusterMonitor} knows of one endpoint. Only its event loop uses it. */
final class MonitoredEndpoint implements UnaryCall.Ending<StatusResponse> {
  private static final long SILENT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Endpoint endpoint;
  private final ClusterMonitor monitor;
  private final long expected;
  private boolean asking;
  private long askedNanos = System.nanoTime();
  private volatile long member;
  private long roundTripNanos;
  private boolean silent;
  private boolean unled;
  private boolean lags;
  private volatile @Nullable Status failure;

  /**
   * @param expected the member that a member list names for this address; 0 for any
   */
  MonitoredEndpoint(Endpoint endpoint, ClusterMonitor monitor, long expected) {
    this.endpoint = endpoint;
    this.monitor = monitor;
    this.expected = expected;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /** The member at this endpoint; 0 until it is known. */
  long member() {
    return member;
  }

  /** The smoothed time that a Status call takes; 0 until it is known. */
  long roundTripNanos() {
    return roundTripNanos;
  }

  boolean silent() {
    return silent;
  }

  /** Whether it answers, but knows no leader or lags. */
  boolean unfit() {
    return unled || lags;
  }

  long askedNanos() {
    return askedNanos;
  }

  /** The failure of the last Status call. Safe for all threads. */
  Optional<Status> failure() {
    return Optional.ofNullable(failure);
  }

  /** Asks for the Status, unless a call for it is in flight. */
  void ask() {
    if (asking) {
      return;
    }
    asking = true;
    askedNanos = System.nanoTime();
    UnaryCall.make(
        endpoint,
        MaintenanceGrpc.getStatusMethod(),
        StatusRequest.getDefaultInstance(),
        monitor.headers(),
        TIMEOUT_NANOS,
        this);
  }

  @Override
  public void answered(StatusResponse status) {
    monitor.loop().execute(() -> onAnswer(status));
  }

  private void onAnswer(StatusResponse status) {
    long took = System.nanoTime() - askedNanos;
    asking = false;
    silent = false;
    failure = null;
    if (expected != 0 && expected != status.getHeader().getMemberId()) {
      return; // the address reaches another server from here than from the cluster
    }
    member = status.getHeader().getMemberId();
    unled = status.getLeader() == 0;
    lags = monitor.commits().lags(System.nanoTime(), status.getRaftAppliedIndex(), lags);
    roundTripNanos = roundTripNanos == 0 ? took : (7 * roundTripNanos + took) / 8;
    monitor.answered(status);
  }

  @Override
  public void failed(Status status, boolean sent) {
    monitor
        .loop()
        .execute(
            () -> {
              asking = false;
              failure = status;
            });
  }

  /** Decides whether the server is silent. */
  void judge(long nowNanos) {
    long quietSince = Math.max(askedNanos - nowNanos, endpoint.heardNanos() - nowNanos);
    silent = asking ? -quietSince > SILENT_NANOS : silent && failure != null;
  }

  /**
   * Takes the member that a member list names for a URL, until the server itself says its member.
   */
  void mayBe(long id, String url) {
    if (member == 0 && ClusterMonitor.isAddress(endpoint.address(), url)) {
      member = id;
    }
  }
}
