package io.balsa.client;

import io.balsa.proto.etcdserverpb.LeaseGrantRequest;
import io.balsa.proto.etcdserverpb.LeaseGrantResponse;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveResponse;
import io.balsa.proto.etcdserverpb.LeaseRevokeRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A lease that is renewed until the session is closed or the lease is lost.
 *
 * <p>The lease counts as lost as soon as the servers may have ended it: when a server says so, or
 * when no renewal was answered within the TTL.
 */
public final class Session implements AutoCloseable {
  private static final int RENEWALS_PER_TTL = 3;
  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final EtcdCalls calls;
  private final LeaseRenewal renewal;
  private final long lease;
  private final Duration ttl;
  private final CompletableFuture<String> lost = new CompletableFuture<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private long renewedNanos;

  private Session(EtcdClient client, EtcdCalls calls, LeaseGrantResponse granted, long sentNanos) {
    this.calls = calls;
    this.renewal = new LeaseRenewal(client, granted.getID());
    this.lease = granted.getID();
    this.ttl = Duration.ofSeconds(granted.getTTL());
    this.renewedNanos = sentNanos;
  }

  /**
   * Grants a lease and begins to renew it.
   *
   * @param ttlSeconds the TTL to ask for; servers may grant more
   * @param timeout for the grant and for the revocation
   */
  public static Session open(EtcdClient client, long ttlSeconds, Duration timeout)
      throws RequestFailed {
    EtcdCalls calls = new EtcdCalls(client, timeout);
    long sent = System.nanoTime();
    LeaseGrantRequest grant = LeaseGrantRequest.newBuilder().setTTL(ttlSeconds).build();
    Session session = new Session(client, calls, EtcdCalls.await(calls.leaseGrant(grant)), sent);
    Thread.ofPlatform().daemon().name("session").start(session::keepAlive);
    return session;
  }

  /** The lease's id. */
  public long lease() {
    return lease;
  }

  /** Completes when the lease has ended or may have ended. The value is the reason. */
  public CompletableFuture<String> lost() {
    return lost;
  }

  private void keepAlive() {
    long pauseNanos = ttl.dividedBy(RENEWALS_PER_TTL).toNanos();
    try {
      while (!closed.await(pauseNanos, TimeUnit.NANOSECONDS) && !lost.isDone()) {
        boolean renewed = renew();
        pauseNanos = renewed ? ttl.dividedBy(RENEWALS_PER_TTL).toNanos() : RETRY_NANOS;
      }
    } catch (InterruptedException _) {
      lost.complete("the renewal of its lease was interrupted");
    }
  }

  private boolean renew() {
    long sent = System.nanoTime();
    Duration left = ttl.minusNanos(sent - renewedNanos);
    if (!left.isPositive()) {
      lost.complete("its lease (" + ttl.toSeconds() + " s) could not be renewed");
      return false;
    }
    try {
      LeaseKeepAliveResponse answer = renewal.once(left.dividedBy(2).plusMillis(1));
      if (answer.getTTL() <= 0) {
        lost.complete("its lease has expired or was revoked");
      }
      renewedNanos = sent;
      return true;
    } catch (RequestFailed _) {
      return false; // tried again until the lease's time is over
    }
  }

  /** Revokes the lease, which deletes its keys. If no server answers, the lease expires later. */
  @Override
  public void close() {
    closed.countDown();
    if (!lost.isDone()) {
      try {
        EtcdCalls.await(calls.leaseRevoke(LeaseRevokeRequest.newBuilder().setID(lease).build()));
      } catch (RequestFailed _) {
        // without renewals, the lease expires
      }
    }
  }
}
