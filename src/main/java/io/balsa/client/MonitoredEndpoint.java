package io.balsa.client;

import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.StatusRequest;
import io.balsa.proto.etcdserverpb.StatusResponse;
import io.grpc.Status;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What {@link ClusterMonitor} knows of one endpoint; used on its event loop alone. */
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
   * @param expected the member that a member list says is there; 0 for any
   */
  MonitoredEndpoint(Endpoint endpoint, ClusterMonitor monitor, long expected) {
    this.endpoint = endpoint;
    this.monitor = monitor;
    this.expected = expected;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /** The member there; 0 until it is known. */
  long member() {
    return member;
  }

  /** How long its Status takes, smoothed; 0 until it is known. */
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

  /** Why the last Status did not come; from any thread. */
  Optional<Status> failure() {
    return Optional.ofNullable(failure);
  }

  /** Asks for the Status, unless that is under way. */
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
      return; // an address that means another server here than there
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

  /** Finds out whether the server is silent. */
  void judge(long nowNanos) {
    long quietSince = Math.max(askedNanos - nowNanos, endpoint.heardNanos() - nowNanos);
    silent = asking ? -quietSince > SILENT_NANOS : silent && failure != null;
  }

  /** A member list says who is at a URL: taken where the server itself has not said it yet. */
  void mayBe(long id, String url) {
    if (member == 0 && ClusterMonitor.isAddress(endpoint.address(), url)) {
      member = id;
    }
  }
}
