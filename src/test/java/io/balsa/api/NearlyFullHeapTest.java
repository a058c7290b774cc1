package io.balsa.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.balsa.budget.AnswerBudget;
import io.balsa.budget.HeapMarkTest;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.LeaseGrantRequest;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RequestOp;
import io.balsa.proto.etcdserverpb.SnapshotRequest;
import io.balsa.proto.etcdserverpb.StatusRequest;
import io.balsa.proto.etcdserverpb.TxnRequest;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.balsa.proto.etcdserverpb.WatchRequest;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server whose heap is nearly full: large reads are refused first, and nothing else is. */
@Timeout(60)
class NearlyFullHeapTest {
  private static final String REFUSED =
      "RESOURCE_EXHAUSTED: etcdserver: the heap is nearly full and large reads wait, nothing was"
          + " done, try again in some seconds, or read at most 100 keys at once";

  private OneServer one;
  private ManagedChannel channel;

  @BeforeEach
  void start() {
    one = OneServer.start(AnswerBudget.ofProcess().guardedBy(HeapMarkTest.passed()));
    channel = NettyChannelBuilder.forAddress("127.0.0.1", one.port()).usePlaintext().build();
  }

  @AfterEach
  void stop() throws InterruptedException {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    one.close();
  }

  private KVGrpc.KVBlockingStub kv() {
    return KVGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  private static ByteString key(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private static RangeRequest.Builder all() {
    return RangeRequest.newBuilder().setKey(key("a")).setRangeEnd(key("z"));
  }

  private long put(String key) {
    return kv().put(PutRequest.newBuilder().setKey(key(key)).build()).getHeader().getRevision();
  }

  private static void isRefused(Runnable read) {
    assertThatThrownBy(read::run).hasMessage(REFUSED);
  }

  @Test
  void largeReadsAreRefused() {
    isRefused(() -> kv().range(all().build()));
    isRefused(() -> kv().range(all().setKeysOnly(true).build()));
    isRefused(() -> kv().range(all().setLimit(101).build()));
    isRefused(
        () -> kv().range(all().setLimit(1).setSortOrder(RangeRequest.SortOrder.DESCEND).build()));
    isRefused(() -> kv().rangeStream(all().build()).next());
    isRefused(
        () ->
            kv().txn(
                    TxnRequest.newBuilder()
                        .addFailure(RequestOp.newBuilder().setRequestRange(all()))
                        .build()));
    isRefused(
        () ->
            MaintenanceGrpc.newBlockingStub(channel)
                .snapshot(SnapshotRequest.getDefaultInstance())
                .next());
  }

  @Test
  void smallReadsWritesLeasesAndOperatorsGetIn() {
    put("b");
    assertThat(kv().range(RangeRequest.newBuilder().setKey(key("b")).build()).getCount()).isOne();
    assertThat(kv().range(all().setLimit(100).build()).getKvsCount()).isOne();
    assertThat(kv().range(all().setCountOnly(true).build()).getCount()).isOne();
    TxnRequest write =
        TxnRequest.newBuilder()
            .addSuccess(
                RequestOp.newBuilder().setRequestPut(PutRequest.newBuilder().setKey(key("c"))))
            .addSuccess(RequestOp.newBuilder().setRequestRange(all()))
            .build();
    assertThat(kv().txn(write).getSucceeded()).isTrue();
    var lease = LeaseGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
    assertThat(lease.leaseGrant(LeaseGrantRequest.newBuilder().setTTL(60).build()).getID())
        .isNotZero();
    var maintenance =
        MaintenanceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
    assertThat(maintenance.status(StatusRequest.getDefaultInstance()).getLeader()).isNotZero();
  }

  private static WatchRequest watch(long from) {
    return WatchRequest.newBuilder()
        .setCreateRequest(WatchCreateRequest.newBuilder().setKey(key("b")).setStartRevision(from))
        .build();
  }

  /** A client that comes back to where the server is needs nothing from the past. */
  @Test
  void onlyWatchesFromThePastAreRefused() throws Exception {
    long revision = put("b");
    LinkedBlockingQueue<Object> told = new LinkedBlockingQueue<>();
    var watches = WatchGrpc.newStub(channel).watch(new AtServerWithUsers.Told<WatchResponse>(told));
    watches.onNext(watch(revision));
    WatchResponse refused = (WatchResponse) told.poll(20, TimeUnit.SECONDS);
    assertThat(refused).isNotNull();
    assertThat(refused.getCancelReason()).contains("code = ResourceExhausted");
    for (long from : new long[] {0, revision + 1}) {
      watches.onNext(watch(from));
      WatchResponse created = (WatchResponse) told.poll(20, TimeUnit.SECONDS);
      assertThat(created).isNotNull();
      assertThat(created.getCreated()).isTrue();
      assertThat(created.getCanceled()).isFalse();
    }
    put("b");
    WatchResponse event = (WatchResponse) told.poll(20, TimeUnit.SECONDS);
    assertThat(event).isNotNull();
    assertThat(event.getEventsCount()).isOne();
    watches.onCompleted();
  }
}
