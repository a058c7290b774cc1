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
 * A lease that is kept alive until the session is closed, or says that it is lost.
 *
 * <p>It counts as lost as soon as the servers may have ended it: when they say so, and when no
 * renewal that was sent within the lease's time was answered.
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
   * Takes a lease and begins to renew it.
   *
   * @param ttlSeconds what is asked for; servers may give more
   * @param timeout for taking it and for giving it back
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

  /** Completes, with a line that says why, when the lease has ended or may have. */
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
      lost.complete("the renewal of the lease was interrupted");
    }
  }

  private boolean renew() {
    long sent = System.nanoTime();
    Duration left = ttl.minusNanos(sent - renewedNanos);
    if (!left.isPositive()) {
      lost.complete("no server renewed the lease for its " + ttl.toSeconds() + " s");
      return false;
    }
    try {
      LeaseKeepAliveResponse answer = renewal.once(left.dividedBy(2).plusMillis(1));
      if (answer.getTTL() <= 0) {
        lost.complete("the lease has expired or was revoked");
      }
      renewedNanos = sent;
      return true;
    } catch (RequestFailed _) {
      return false; // tried again until the lease's time is over
    }
  }

  /** Gives the lease back, and so deletes the keys that hang on it; if no server answers, later. */
  @Override
  public void close() {
    closed.countDown();
    if (!lost.isDone()) {
      try {
        EtcdCalls.await(calls.leaseRevoke(LeaseRevokeRequest.newBuilder().setID(lease).build()));
      } catch (RequestFailed _) {
        // nobody renews it any more, so it ends by itself
      }
    }
  }
}
