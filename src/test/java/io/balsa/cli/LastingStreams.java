package io.balsa.cli;

import com.google.protobuf.ByteString;
import io.balsa.proto.etcdserverpb.LeaseGrantRequest;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveRequest;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveResponse;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.balsa.proto.etcdserverpb.WatchRequest;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.util.Queue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;

/** A watch of a key and a lease that is renewed, on one connection, for the length of a test. */
final class LastingStreams {
  private static final long BETWEEN_RENEWALS_MILLIS = 200;
  private static final int LEASE_SECONDS = 60;

  private final String where;
  private final Queue<String> failures;
  private final AtomicInteger events = new AtomicInteger();
  private final AtomicInteger renewals = new AtomicInteger();

  private LastingStreams(String where, Queue<String> failures) {
    this.where = where;
    this.failures = failures;
  }

  /**
   * Opens both.
   *
   * @param failures gets a line if one of them ends, or if the lease is lost
   */
  static LastingStreams open(
      ManagedChannel channel,
      ByteString key,
      ScheduledExecutorService timer,
      Queue<String> failures) {
    LastingStreams streams = new LastingStreams(channel.authority(), failures);
    WatchGrpc.newStub(channel)
        .watch(
            streams.<WatchResponse>counting(
                "watch", streams.events, response -> response.getEventsCount()))
        .onNext(
            WatchRequest.newBuilder()
                .setCreateRequest(WatchCreateRequest.newBuilder().setKey(key))
                .build());
    long lease =
        LeaseGrpc.newBlockingStub(channel)
            .leaseGrant(LeaseGrantRequest.newBuilder().setTTL(LEASE_SECONDS).build())
            .getID();
    StreamObserver<LeaseKeepAliveRequest> renewing =
        LeaseGrpc.newStub(channel)
            .leaseKeepAlive(
                streams.<LeaseKeepAliveResponse>counting(
                    "keep-alive", streams.renewals, response -> response.getTTL() > 0 ? 1 : 0));
    var _ =
        timer.scheduleWithFixedDelay(
            () -> renewing.onNext(LeaseKeepAliveRequest.newBuilder().setID(lease).build()),
            0,
            BETWEEN_RENEWALS_MILLIS,
            TimeUnit.MILLISECONDS);
    return streams;
  }

  private <A> StreamObserver<A> counting(
      String what, AtomicInteger count, ToIntFunction<A> counted) {
    return new StreamObserver<>() {
      @Override
      public void onNext(A response) {
        count.addAndGet(counted.applyAsInt(response));
      }

      @Override
      public void onError(Throwable e) {
        failures.add("the " + what + " of " + where + ": " + e);
      }

      @Override
      public void onCompleted() {
        failures.add("the " + what + " of " + where + " ended");
      }
    };
  }

  /** Forgets what came until now. */
  void forget() {
    events.set(0);
    renewals.set(0);
  }

  /** Whether an event and a renewal came. */
  boolean goOn() {
    return events.get() > 0 && renewals.get() > 0;
  }
}
