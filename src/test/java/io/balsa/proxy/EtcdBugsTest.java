package io.balsa.proxy;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.proto.etcdserverpb.CompactionRequest;
import io.balsa.proto.etcdserverpb.DeleteRangeRequest;
import io.balsa.proto.etcdserverpb.HashKVRequest;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.LeaseGrantRequest;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.LeaseRevokeRequest;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RequestOp;
import io.balsa.proto.etcdserverpb.SnapshotRequest;
import io.balsa.proto.etcdserverpb.SnapshotResponse;
import io.balsa.proto.etcdserverpb.TxnRequest;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.balsa.proto.etcdserverpb.WatchProgressRequest;
import io.balsa.proto.etcdserverpb.WatchRequest;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Bugs that etcd had, by the number of the issue, and those of the list of known bugs that belong
 * to the state machine. docs/verification.md says where the others are.
 */
@Timeout(60)
class EtcdBugsTest {
  private static final Map<Long, ManagedChannel> CHANNELS = new TreeMap<>();
  private static RealServers servers;

  @BeforeAll
  static void open() throws Exception {
    servers = new RealServers();
    for (long id = 1; id <= 3; id++) {
      HostPort address = servers.addresses().get((int) id - 1);
      CHANNELS.put(
          id,
          NettyChannelBuilder.forAddress(address.host(), address.port()).usePlaintext().build());
    }
    until(() -> servers.leader() != 0);
  }

  @AfterAll
  static void close() throws Exception {
    CHANNELS.values().forEach(ManagedChannel::shutdownNow);
    servers.close();
  }

  private static ByteString text(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private static ManagedChannel channel() {
    return channel(servers.leader() == 1 ? 2L : 1L);
  }

  private static ManagedChannel channel(long server) {
    return Objects.requireNonNull(CHANNELS.get(server), "every server has a channel");
  }

  private static KVGrpc.KVBlockingStub kv(ManagedChannel channel) {
    return KVGrpc.newBlockingStub(channel)
        .withWaitForReady()
        .withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  private static long put(String key) {
    PutRequest put = PutRequest.newBuilder().setKey(text(key)).setValue(text("v")).build();
    return kv(channel()).put(put).getHeader().getRevision();
  }

  private static long delete(String key) {
    DeleteRangeRequest delete = DeleteRangeRequest.newBuilder().setKey(text(key)).build();
    return kv(channel()).deleteRange(delete).getHeader().getRevision();
  }

  private static void compact(long revision) {
    var _ =
        kv(channel())
            .compact(
                CompactionRequest.newBuilder().setRevision(revision).setPhysical(true).build());
  }

  private static long revision(ManagedChannel channel) {
    RangeRequest range = RangeRequest.newBuilder().setKey(text("none")).build();
    return kv(channel).range(range).getHeader().getRevision();
  }

  private static WatchRequest from(String key, long revision) {
    return WatchRequest.newBuilder()
        .setCreateRequest(
            WatchCreateRequest.newBuilder().setKey(text(key)).setStartRevision(revision))
        .build();
  }

  private static final WatchRequest PROGRESS =
      WatchRequest.newBuilder()
          .setProgressRequest(WatchProgressRequest.getDefaultInstance())
          .build();

  private static StreamObserver<WatchRequest> watch(
      ManagedChannel channel, Watcher watcher, WatchRequest request) {
    StreamObserver<WatchRequest> requests = WatchGrpc.newStub(channel).watch(watcher);
    requests.onNext(request);
    return requests;
  }

  private static void hashesAgree() {
    HashKVRequest now = HashKVRequest.newBuilder().setRevision(revision(channel())).build();
    List<Integer> hashes = new ArrayList<>();
    for (ManagedChannel each : CHANNELS.values()) {
      assertThat(revision(each)).isEqualTo(now.getRevision());
      hashes.add(MaintenanceGrpc.newBlockingStub(each).hashKV(now).getHash());
    }
    assertThat(hashes.stream().distinct()).hasSize(1);
  }

  @Test
  void etcd15220Kb93ProgressIsNeverAheadOfEvents() throws Exception {
    long begun = revision(channel()) + 1;
    List<String> order = new ArrayList<>();
    StreamObserver<WatchRequest> requests =
        WatchGrpc.newStub(channel())
            .watch(
                new StreamObserver<>() {
                  @Override
                  public void onNext(WatchResponse response) {
                    synchronized (order) {
                      response
                          .getEventsList()
                          .forEach(e -> order.add("event " + e.getKv().getModRevision()));
                      if (response.getWatchId() == -1) {
                        order.add("progress " + response.getHeader().getRevision());
                      }
                    }
                  }

                  @Override
                  public void onError(Throwable failure) {
                    // what is awaited does not come
                  }

                  @Override
                  public void onCompleted() {
                    // as above
                  }
                });
    requests.onNext(from("p", begun));
    long last = 0;
    for (int i = 0; i < 200; i++) {
      requests.onNext(PROGRESS);
      last = put("p");
    }
    String end = "event " + last;
    until(
        () -> {
          synchronized (order) {
            return order.contains(end);
          }
        });
    requests.onCompleted();
    synchronized (order) {
      long told = begun - 1;
      for (String each : order) {
        long revision = Long.parseLong(each.split(" ")[1]);
        if (each.startsWith("event")) {
          assertThat(revision).as("in %s", order).isEqualTo(told + 1);
          told = revision;
        } else {
          assertThat(revision).as("in %s", order).isLessThanOrEqualTo(told);
        }
      }
    }
  }

  @Test
  void etcd15271Kb90AWatchDoesNotTravelBackInTime() throws Exception {
    long follower = servers.leader() == 1 ? 2 : 1;
    long before = put("t");
    servers.stop(follower);
    List<Long> written = new ArrayList<>();
    until(() -> servers.leader() != 0);
    for (int i = 0; i < 100; i++) {
      PutRequest put = PutRequest.newBuilder().setKey(text("t")).build();
      written.add(kv(channel(3L)).put(put).getHeader().getRevision());
    }
    servers.start(follower);
    Watcher watcher = new Watcher();
    until(
        () -> {
          try {
            return revision(channel(follower)) >= written.getLast();
          } catch (io.grpc.StatusRuntimeException _) { // not there yet
            return false;
          }
        });
    var _ = watch(channel(follower), watcher, from("t", before + 1));
    until(() -> watcher.revisions().size() >= written.size());
    written.add(put("t"));
    until(() -> watcher.revisions().size() >= written.size());
    assertThat(watcher.revisions()).isEqualTo(written);
  }

  @Test
  void etcd17247Kb94ATransactionIsToldOnceAndWhole() throws Exception {
    Watcher watcher = new Watcher();
    WatchRequest all =
        WatchRequest.newBuilder()
            .setCreateRequest(
                WatchCreateRequest.newBuilder()
                    .setKey(text("x1"))
                    .setRangeEnd(text("x9"))
                    .setStartRevision(revision(channel()) + 1))
            .build();
    var _ = watch(channel(), watcher, all);
    RequestOp.Builder read =
        RequestOp.newBuilder().setRequestRange(RangeRequest.newBuilder().setKey(text("x1")));
    TxnRequest.Builder txn = TxnRequest.newBuilder().addSuccess(read);
    for (String key : List.of("x1", "x2", "x3")) {
      txn.addSuccess(
          RequestOp.newBuilder().setRequestPut(PutRequest.newBuilder().setKey(text(key))));
      txn.addSuccess(read);
    }
    long first = kv(channel()).txn(txn.build()).getHeader().getRevision();
    long second = kv(channel()).txn(txn.build()).getHeader().getRevision();
    until(() -> watcher.revisions().contains(second));
    assertThat(watcher.revisions()).containsExactly(first, first, first, second, second, second);
    assertThat(watcher.responses()).isEqualTo(2);
  }

  @Test
  void etcd17529Kb91AStarvedStreamMissesNothing() throws Exception {
    long begun = revision(channel()) + 1;
    ClientCall<WatchRequest, WatchResponse> call =
        channel().newCall(WatchGrpc.getWatchMethod(), CallOptions.DEFAULT);
    Watcher watcher = new Watcher();
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(WatchResponse response) {
            watcher.onNext(response);
          }
        },
        new Metadata());
    call.sendMessage(from("s", begun));
    List<Long> written = new ArrayList<>();
    ByteString large = ByteString.copyFrom(new byte[20_000]);
    for (int i = 0; i < 500; i++) { // ten megabytes that nobody reads
      PutRequest put = PutRequest.newBuilder().setKey(text("s")).setValue(large).build();
      written.add(kv(channel()).put(put).getHeader().getRevision());
    }
    call.request(10_000);
    until(() -> watcher.revisions().size() >= written.size());
    assertThat(watcher.revisions()).isEqualTo(written);
    call.cancel("read all", null);
  }

  @Test
  void etcd17780Kb95TheRevisionNeverGoesBackOverACompaction() throws Exception {
    var _ = put("gone");
    long last = delete("gone");
    compact(last);
    for (long id = 1; id <= 3; id++) {
      servers.stop(id);
    }
    for (long id = 1; id <= 3; id++) {
      servers.start(id);
    }
    until(() -> servers.leader() != 0);
    for (ManagedChannel each : CHANNELS.values()) {
      assertThat(revision(each)).isEqualTo(last);
    }
    assertThat(put("after")).isEqualTo(last + 1);
    hashesAgree();
  }

  @Test
  void etcd18055Kb57TwoSnapshotsAtOnce() {
    var _ = put("z");
    MaintenanceGrpc.MaintenanceBlockingStub maintenance =
        MaintenanceGrpc.newBlockingStub(channel());
    Iterator<SnapshotResponse> one = maintenance.snapshot(SnapshotRequest.getDefaultInstance());
    Iterator<SnapshotResponse> two = maintenance.snapshot(SnapshotRequest.getDefaultInstance());
    long first = 0;
    long second = 0;
    while (one.hasNext() || two.hasNext()) {
      first += one.hasNext() ? one.next().getBlob().size() : 0;
      second += two.hasNext() ? two.next().getBlob().size() : 0;
    }
    assertThat(first).isPositive();
    assertThat(second).isPositive();
  }

  @Test
  void etcd18089Kb92ADeletionAtTheCompactedRevisionIsTold() throws Exception {
    var _ = put("d");
    long deleted = delete("d");
    compact(deleted);
    Watcher watcher = new Watcher();
    var _ = watch(channel(), watcher, from("d", deleted));
    until(() -> !watcher.revisions().isEmpty());
    assertThat(watcher.revisions()).containsExactly(deleted);
  }

  @Test
  void etcd19179Kb92ADeletionAfterTheCompactedRevisionIsTold() throws Exception {
    long put = put("d2");
    compact(put);
    long deleted = delete("d2");
    long later = put("d3");
    Watcher watcher = new Watcher();
    var _ = watch(channel(), watcher, from("d2", put));
    until(() -> watcher.revisions().contains(deleted));
    assertThat(watcher.revisions()).containsExactly(put, deleted);
    compact(later);
    Watcher late = new Watcher();
    var _ = watch(channel(), late, from("d2", deleted));
    until(() -> late.compacted() != 0);
    assertThat(late.compacted()).isEqualTo(later);
    assertThat(late.revisions()).isEmpty();
  }

  @Test
  void etcd18667Kb79APastThatIsGoneFailsTheWholeTransactionEverywhere() {
    long before = put("r");
    compact(before);
    TxnRequest txn =
        TxnRequest.newBuilder()
            .addSuccess(
                RequestOp.newBuilder().setRequestPut(PutRequest.newBuilder().setKey(text("r"))))
            .addSuccess(
                RequestOp.newBuilder()
                    .setRequestRange(
                        RangeRequest.newBuilder().setKey(text("r")).setRevision(before - 1)))
            .build();
    assertThatThrownBy(() -> kv(channel()).txn(txn))
        .hasMessageContaining("required revision has been compacted");
    assertThat(revision(channel())).isEqualTo(before);
    hashesAgree();
  }

  @Test
  void etcd20221Kb93AWatchOfTheFutureIsToldNothingBefore() throws Exception {
    long now = revision(channel());
    Watcher watcher = new Watcher();
    StreamObserver<WatchRequest> requests = watch(channel(), watcher, from("f", now + 3));
    requests.onNext(PROGRESS);
    assertThat(put("f")).isEqualTo(now + 1);
    assertThat(put("f")).isEqualTo(now + 2);
    long third = put("f");
    until(() -> !watcher.revisions().isEmpty());
    assertThat(watcher.revisions()).containsExactly(third);
    assertThat(watcher.progress()).isZero();
  }

  @Test
  void kb89AKeyAndARevocationThatRaceLeaveNoKeyOfADeadLease() throws Exception {
    for (int round = 0; round < 30; round++) {
      long id = 1_000L + round;
      var lease = LeaseGrpc.newBlockingStub(channel());
      var _ = lease.leaseGrant(LeaseGrantRequest.newBuilder().setID(id).setTTL(60).build());
      PutRequest put = PutRequest.newBuilder().setKey(text("l" + id)).setLease(id).build();
      var racing = KVGrpc.newFutureStub(CHANNELS.get(3L)).put(put);
      var _ = lease.leaseRevoke(LeaseRevokeRequest.newBuilder().setID(id).build());
      try {
        var _ = racing.get(10, TimeUnit.SECONDS);
      } catch (java.util.concurrent.ExecutionException e) {
        assertThat(e).hasMessageContaining("requested lease not found");
      }
      RangeRequest range = RangeRequest.newBuilder().setKey(text("l" + id)).build();
      assertThat(kv(channel()).range(range).getCount()).isZero();
      assertThatThrownBy(() -> lease.leaseRevoke(LeaseRevokeRequest.newBuilder().setID(id).build()))
          .hasMessageContaining("requested lease not found");
    }
    hashesAgree();
  }
}
