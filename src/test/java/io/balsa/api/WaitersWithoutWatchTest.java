package io.balsa.api;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.LeaseGrantRequest;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.LeaseRevokeRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.v3electionpb.CampaignRequest;
import io.balsa.proto.v3electionpb.CampaignResponse;
import io.balsa.proto.v3electionpb.ElectionGrpc;
import io.balsa.proto.v3electionpb.LeaderRequest;
import io.balsa.proto.v3electionpb.LeaderResponse;
import io.balsa.proto.v3electionpb.ProclaimRequest;
import io.balsa.proto.v3lockpb.LockGrpc;
import io.balsa.proto.v3lockpb.LockRequest;
import io.balsa.proto.v3lockpb.LockResponse;
import io.balsa.watch.WatchAnswer;
import io.balsa.watch.WatchLimits;
import io.balsa.watch.WatchSink;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that wait by a watch inside the server, when that watch is refused or ended. */
@Timeout(30)
class WaitersWithoutWatchTest {
  private static final ByteString NAME = ByteString.copyFromUtf8("name");

  private OneServer one;
  private ManagedChannel channel;

  @BeforeEach
  void start() {
    start(WatchLimits.DEFAULT);
  }

  private void start(WatchLimits limits) {
    one = OneServer.start(limits);
    channel = NettyChannelBuilder.forAddress("127.0.0.1", one.port()).usePlaintext().build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    one.close();
  }

  private static WatchLimits withoutWatches() {
    WatchLimits all = WatchLimits.DEFAULT;
    return new WatchLimits(
        all.changes(),
        all.pieceBytes(),
        all.wholeBytes(),
        all.partBytes(),
        all.fragmentBytes(),
        all.recentBytes(),
        all.waitingBytes(),
        0);
  }

  private long grant() {
    LeaseGrantRequest request = LeaseGrantRequest.newBuilder().setTTL(60).build();
    return LeaseGrpc.newBlockingStub(channel).leaseGrant(request).getID();
  }

  private void revoke(long lease) {
    var request = LeaseRevokeRequest.newBuilder().setID(lease).build();
    var _ = LeaseGrpc.newBlockingStub(channel).leaseRevoke(request);
  }

  private Future<LockResponse> lock(long lease) {
    LockRequest request = LockRequest.newBuilder().setName(NAME).setLease(lease).build();
    return LockGrpc.newFutureStub(channel).lock(request);
  }

  private Future<CampaignResponse> campaign(long lease) {
    CampaignRequest request = CampaignRequest.newBuilder().setName(NAME).setLease(lease).build();
    return ElectionGrpc.newFutureStub(channel).campaign(request);
  }

  private long waiting() {
    RangeRequest all =
        RangeRequest.newBuilder()
            .setKey(ByteString.copyFromUtf8("name/"))
            .setRangeEnd(ByteString.copyFromUtf8("name0"))
            .build();
    return KVGrpc.newBlockingStub(channel).range(all).getCount();
  }

  private void awaitWaiting(int keys) {
    until(() -> waiting() + " keys wait, not " + keys, () -> waiting() == keys);
  }

  private static void isRefused(Future<?> call) {
    assertThatThrownBy(() -> call.get(10, TimeUnit.SECONDS))
        .hasMessageContaining("RESOURCE_EXHAUSTED: etcdserver: too many requests");
  }

  @Test
  void whereThereIsNoRoomForAWatchNobodyWaitsForEver() throws Exception {
    stop();
    start(withoutWatches());
    var _ = lock(grant()).get();
    isRefused(lock(grant()));
    isRefused(campaign(grant()));
    awaitWaiting(1);
    CompletableFuture<String> observed = new CompletableFuture<>();
    ElectionGrpc.newStub(channel)
        .observe(
            LeaderRequest.newBuilder().setName(NAME).build(),
            new io.grpc.stub.StreamObserver<>() {
              @Override
              public void onNext(LeaderResponse leader) {
                // the first answer is read
              }

              @Override
              public void onError(Throwable failure) {
                observed.complete(String.valueOf(failure.getMessage()));
              }

              @Override
              public void onCompleted() {
                observed.complete("over");
              }
            });
    assertThat(observed.get(10, TimeUnit.SECONDS)).contains("too many requests");
  }

  /** A task on the watch lane fails, which ends all streams of the lane. */
  private void losesAllWatches() {
    one.node
        .watch(
            new WatchSink() {
              @Override
              public boolean isReady() {
                return true;
              }

              @Override
              public void send(WatchAnswer answer) {
                // nothing is requested
              }
            })
        .then(
            () -> {
              throw new IllegalStateException("on purpose");
            });
  }

  @Test
  void whoseWatchIsGivenUpLooksAnew() throws Exception {
    long first = grant();
    CampaignResponse leads = campaign(first).get();
    Future<CampaignResponse> second = campaign(grant());
    Future<LockResponse> third = lock(grant());
    LinkedBlockingQueue<String> seen = new LinkedBlockingQueue<>();
    ElectionGrpc.newStub(channel)
        .observe(
            LeaderRequest.newBuilder().setName(NAME).build(),
            OpenCall.into(leader -> seen.add(leader.getKv().getValue().toStringUtf8())));
    assertThat(seen.take()).isEmpty();
    awaitWaiting(3);
    losesAllWatches();
    var _ =
        ElectionGrpc.newBlockingStub(channel)
            .proclaim(
                ProclaimRequest.newBuilder()
                    .setLeader(leads.getLeader())
                    .setValue(ByteString.copyFromUtf8("hello"))
                    .build());
    String next = String.valueOf(seen.poll(10, TimeUnit.SECONDS));
    assertThat(next.isEmpty() ? seen.poll(10, TimeUnit.SECONDS) : next).isEqualTo("hello");
    revoke(first);
    long after = second.get(10, TimeUnit.SECONDS).getLeader().getLease();
    revoke(after);
    assertThat(third.get(10, TimeUnit.SECONDS).getKey().isEmpty()).isFalse();
  }
}
