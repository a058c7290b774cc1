package io.balsa.proxy;

import static io.balsa.host.Until.until;
import static io.balsa.proxy.DirectCluster.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.balsa.house.SharesCores;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RequestOp;
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
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bugs that etcd had with watches, by the number of the issue and of the list of known bugs. */
@SharesCores
@Timeout(60)
class EtcdWatchBugsTest {
  private static DirectCluster cluster;

  @BeforeAll
  static void open() throws Exception {
    cluster = new DirectCluster();
  }

  @AfterAll
  static void close() throws Exception {
    cluster.close();
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

  private static StreamObserver<WatchRequest> watch(TestWatcher watcher, WatchRequest request) {
    return watch(cluster.channel(), watcher, request);
  }

  private static StreamObserver<WatchRequest> watch(
      ManagedChannel channel, TestWatcher watcher, WatchRequest request) {
    StreamObserver<WatchRequest> requests = WatchGrpc.newStub(channel).watch(watcher);
    requests.onNext(request);
    return requests;
  }

  /** The events and progress notifications of a stream, such as {@code event 5}. */
  private static final class OrderOfResponses implements StreamObserver<WatchResponse> {
    private final List<String> order = new ArrayList<>();

    @Override
    public synchronized void onNext(WatchResponse response) {
      response.getEventsList().forEach(e -> order.add("event " + e.getKv().getModRevision()));
      if (response.getWatchId() == -1) {
        order.add("progress " + response.getHeader().getRevision());
      }
    }

    @Override
    public void onError(Throwable failure) {
      // the test fails, because the awaited event does not come
    }

    @Override
    public void onCompleted() {
      // as above
    }

    synchronized List<String> order() {
      return List.copyOf(order);
    }
  }

  @Test
  void etcd15220Kb93ProgressIsNeverAheadOfEvents() throws Exception {
    long begun = cluster.revision(cluster.channel()) + 1;
    OrderOfResponses responses = new OrderOfResponses();
    StreamObserver<WatchRequest> requests = WatchGrpc.newStub(cluster.channel()).watch(responses);
    requests.onNext(from("p", begun));
    long last = 0;
    for (int i = 0; i < 200; i++) {
      requests.onNext(PROGRESS);
      last = cluster.put("p");
    }
    String end = "event " + last;
    until(() -> responses.order().contains(end));
    requests.onCompleted();
    assertThatProgressFollowsEvents(responses.order(), begun);
  }

  private static void assertThatProgressFollowsEvents(List<String> order, long begun) {
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

  @Test
  void etcd15271Kb90AWatchDoesNotTravelBackInTime() throws Exception {
    long follower = cluster.servers().leader() == 1 ? 2 : 1;
    long before = cluster.put("t");
    cluster.servers().stop(follower);
    List<Long> written = new ArrayList<>();
    until(() -> cluster.servers().leader() != 0);
    for (int i = 0; i < 100; i++) {
      PutRequest put = PutRequest.newBuilder().setKey(text("t")).build();
      written.add(cluster.kv(cluster.channel(3L)).put(put).getHeader().getRevision());
    }
    cluster.servers().start(follower);
    TestWatcher watcher = new TestWatcher();
    until(
        () -> {
          try {
            return cluster.revision(cluster.channel(follower)) >= written.getLast();
          } catch (io.grpc.StatusRuntimeException _) { // the watch does not exist yet
            return false;
          }
        });
    var _ = watch(cluster.channel(follower), watcher, from("t", before + 1));
    until(() -> watcher.revisions().size() >= written.size());
    written.add(cluster.put("t"));
    until(() -> watcher.revisions().size() >= written.size());
    assertThat(watcher.revisions()).isEqualTo(written);
  }

  @Test
  void etcd17247Kb94ATransactionIsToldOnceAndWhole() throws Exception {
    TestWatcher watcher = new TestWatcher();
    WatchRequest all =
        WatchRequest.newBuilder()
            .setCreateRequest(
                WatchCreateRequest.newBuilder()
                    .setKey(text("x1"))
                    .setRangeEnd(text("x9"))
                    .setStartRevision(cluster.revision(cluster.channel()) + 1))
            .build();
    var _ = watch(watcher, all);
    RequestOp.Builder read =
        RequestOp.newBuilder().setRequestRange(RangeRequest.newBuilder().setKey(text("x1")));
    TxnRequest.Builder txn = TxnRequest.newBuilder().addSuccess(read);
    for (String key : List.of("x1", "x2", "x3")) {
      txn.addSuccess(
          RequestOp.newBuilder().setRequestPut(PutRequest.newBuilder().setKey(text(key))));
      txn.addSuccess(read);
    }
    long first = cluster.kv(cluster.channel()).txn(txn.build()).getHeader().getRevision();
    long second = cluster.kv(cluster.channel()).txn(txn.build()).getHeader().getRevision();
    until(() -> watcher.revisions().contains(second));
    assertThat(watcher.revisions()).containsExactly(first, first, first, second, second, second);
    assertThat(watcher.responses()).isEqualTo(2);
  }

  @Test
  void etcd17529Kb91AStarvedStreamMissesNothing() throws Exception {
    long begun = cluster.revision(cluster.channel()) + 1;
    ClientCall<WatchRequest, WatchResponse> call =
        cluster.channel().newCall(WatchGrpc.getWatchMethod(), CallOptions.DEFAULT);
    TestWatcher watcher = new TestWatcher();
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
    for (int i = 0; i < 500; i++) { // ten megabytes that the client does not read
      PutRequest put = PutRequest.newBuilder().setKey(text("s")).setValue(large).build();
      written.add(cluster.kv(cluster.channel()).put(put).getHeader().getRevision());
    }
    call.request(10_000);
    until(() -> watcher.revisions().size() >= written.size());
    assertThat(watcher.revisions()).isEqualTo(written);
    call.cancel("read all", null);
  }

  @Test
  void etcd18089Kb92ADeletionAtTheCompactedRevisionIsTold() throws Exception {
    var _ = cluster.put("d");
    long deleted = cluster.delete("d");
    cluster.compact(deleted);
    TestWatcher watcher = new TestWatcher();
    var _ = watch(watcher, from("d", deleted));
    until(() -> !watcher.revisions().isEmpty());
    assertThat(watcher.revisions()).containsExactly(deleted);
  }

  @Test
  void etcd19179Kb92ADeletionAfterTheCompactedRevisionIsTold() throws Exception {
    long put = cluster.put("d2");
    cluster.compact(put);
    long deleted = cluster.delete("d2");
    long later = cluster.put("d3");
    TestWatcher watcher = new TestWatcher();
    var _ = watch(watcher, from("d2", put));
    until(() -> watcher.revisions().contains(deleted));
    assertThat(watcher.revisions()).containsExactly(put, deleted);
    cluster.compact(later);
    TestWatcher late = new TestWatcher();
    var _ = watch(late, from("d2", deleted));
    until(() -> late.compacted() != 0);
    assertThat(late.compacted()).isEqualTo(later);
    assertThat(late.revisions()).isEmpty();
  }

  @Test
  void etcd20221Kb93AWatchOfTheFutureIsToldNothingBefore() throws Exception {
    long now = cluster.revision(cluster.channel());
    TestWatcher watcher = new TestWatcher();
    StreamObserver<WatchRequest> requests = watch(watcher, from("f", now + 3));
    requests.onNext(PROGRESS);
    assertThat(cluster.put("f")).isEqualTo(now + 1);
    assertThat(cluster.put("f")).isEqualTo(now + 2);
    long third = cluster.put("f");
    until(() -> !watcher.revisions().isEmpty());
    assertThat(watcher.revisions()).containsExactly(third);
    assertThat(watcher.progress()).isZero();
  }
}
