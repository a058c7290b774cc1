package io.balsa.client;

import io.balsa.proto.balsapb.LookRequest;
import io.balsa.proto.balsapb.ProbeGrpc;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.StatusRequest;
import io.balsa.rpc.GrpcFailure;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What {@link ClusterMonitor} knows of one endpoint. Only its event loop uses it.
 *
 * <p>A server of Balsa answers Look, with or without users in force. Any other server is asked for
 * its Status, until the connection to it is a new one. While users are in force, it refuses that.
 */
final class MonitoredEndpoint {
  private static final long SILENT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** etcd's text for a call without a user while users are in force. */
  private static final String NO_USER = "etcdserver: user name is empty";

  private final Endpoint endpoint;
  private final ClusterMonitor monitor;
  private final long expected;
  private boolean looks = true;
  private boolean asking;
  private long askedNanos = System.nanoTime();
  private volatile long member;
  private long roundTripNanos;
  private boolean silent;
  private boolean unable;
  private boolean lags;
  private volatile boolean refuses;
  private volatile boolean learner;
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

  /** The smoothed time that an answer takes; 0 until it is known. */
  long roundTripNanos() {
    return roundTripNanos;
  }

  boolean silent() {
    return silent;
  }

  /** Whether it answers, but knows no leader or lags. */
  boolean unfit() {
    return unable || lags;
  }

  /** Whether it is a learner, which is no voter. */
  boolean learner() {
    return learner;
  }

  /** Whether it is alive and tells nothing to a client without a user. Safe for all threads. */
  boolean refuses() {
    return refuses;
  }

  /** Whether it has named its member, failed or refused. Safe for all threads. */
  boolean hasReacted() {
    return member != 0 || failure != null || refuses;
  }

  long askedNanos() {
    return askedNanos;
  }

  /** The failure of the last call. Safe for all threads. */
  Optional<Status> failure() {
    return Optional.ofNullable(failure);
  }

  /** Asks on a new connection, which may lead to another server or version. */
  void askAnew() {
    looks = true;
    ask();
  }

  /** Asks the server, unless a question is under way. */
  void ask() {
    if (asking) {
      return;
    }
    asking = true;
    askedNanos = System.nanoTime();
    if (looks) {
      ask(ProbeGrpc.getLookMethod(), LookRequest.getDefaultInstance(), Sighting::of);
    } else {
      ask(MaintenanceGrpc.getStatusMethod(), StatusRequest.getDefaultInstance(), Sighting::of);
    }
  }

  private <Q, A> void ask(MethodDescriptor<Q, A> method, Q request, Function<A, Sighting> meaning) {
    UnaryCall.make(
        endpoint,
        method,
        request,
        monitor.headers(),
        TIMEOUT_NANOS,
        new UnaryCall.Ending<A>() {
          @Override
          public void answered(A answer) {
            monitor.loop().execute(() -> onAnswer(meaning.apply(answer)));
          }

          @Override
          public void failed(Status status, boolean sent) {
            monitor.loop().execute(() -> onFailure(status));
          }
        });
  }

  private void onAnswer(Sighting sighting) {
    long took = System.nanoTime() - askedNanos;
    asking = false;
    silent = false;
    failure = null;
    refuses = false;
    if (expected != 0 && expected != sighting.member()) {
      return; // the address reaches another server from here than from the cluster
    }
    member = sighting.member();
    learner = sighting.learner();
    unable = !sighting.serves();
    lags = monitor.commits().lags(System.nanoTime(), sighting.applied(), lags);
    roundTripNanos = roundTripNanos == 0 ? took : (7 * roundTripNanos + took) / 8;
    monitor.answered(sighting);
  }

  private void onFailure(Status status) {
    asking = false;
    if (looks && status.getCode() == Code.UNIMPLEMENTED) {
      looks = false;
      ask();
      return;
    }
    refuses = !looks && wantsUser(status);
    failure = refuses ? null : status;
    silent &= !refuses;
  }

  /** Whether a server that is alive refused because the call has no user. */
  private static boolean wantsUser(Status status) {
    return switch (status.getCode()) {
      case INVALID_ARGUMENT -> NO_USER.equals(GrpcFailure.text(status));
      case UNAUTHENTICATED, PERMISSION_DENIED -> true;
      default -> false;
    };
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
