package io.balsa.api;

import static io.balsa.host.Until.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.balsa.bytes.Bytes;
import io.balsa.front.HttpRequest;
import io.balsa.front.MetricsPage;
import io.balsa.model.Member;
import io.balsa.proto.etcdserverpb.DeleteRangeRequest;
import io.balsa.proto.etcdserverpb.LeaseGrantRequest;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.LeaseRevokeRequest;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RequestOp;
import io.balsa.proto.etcdserverpb.TxnRequest;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.balsa.proto.etcdserverpb.WatchRequest;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The metrics have etcd's names, types and meaning. */
class EtcdMetricsTest extends AtOneServer {
  private static final Path DIFFERENCES = Path.of("docs/compatibility.md");

  @Test
  void everyNameOfEtcdIsThereOrItsAbsenceIsExplained() throws Exception {
    until(() -> get("/readyz").startsWith("200"));
    Map<String, String> ours = scrape().types();
    ours.putAll(pageOf(withPeers()).types());
    String explained = Files.readString(DIFFERENCES);
    List<String> wrong = new ArrayList<>();
    for (String line : etcdsMetrics()) {
      String[] nameAndType = line.split(" ", -1);
      String type = ours.get(nameAndType[0]);
      if (type == null && !explained.contains("`" + nameAndType[0] + "`")) {
        wrong.add(nameAndType[0] + " is missing");
      } else if (type != null && !type.equals(nameAndType[1])) {
        wrong.add(nameAndType[0] + " is a " + type + ", not a " + nameAndType[1]);
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static List<String> etcdsMetrics() throws IOException {
    try (InputStream list =
        Objects.requireNonNull(
            EtcdMetricsTest.class.getResourceAsStream("etcd-3.7.3-metrics.txt"))) {
      return new String(list.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    }
  }

  /** Metrics of a server that knows one peer. */
  static ServerMetrics withPeers() {
    ServerMetrics metrics = new ServerMetrics();
    metrics.peers().show(1, List.of(member(1), member(0xab)));
    return metrics;
  }

  private static Member member(long id) {
    return new Member(id, "n" + id, List.of("http://127.0.0.1:1"), List.of(), false, 0);
  }

  static Exposition pageOf(ServerMetrics metrics) {
    CompletableFuture<String> page = new CompletableFuture<>();
    new MetricsPage(metrics.registry(), ServerMetrics.BARE_COUNTERS)
        .answer(
            new HttpRequest("GET", "/metrics", Map.of(), Map.of(), Bytes.EMPTY),
            answer -> page.complete(answer.body().utf8()));
    return new Exposition(page.orTimeout(20, TimeUnit.SECONDS).join());
  }

  static Exposition scrape() throws IOException, InterruptedException {
    return new Exposition(get("/metrics").substring("200 ".length()));
  }

  @Test
  void thePeersSeriesAreThereFromTheStart() {
    ServerMetrics metrics = withPeers();
    Exposition first = pageOf(metrics);
    assertThat(first.startingWith("etcd_network_"))
        .contains(
            "etcd_network_peer_sent_bytes_total{To=\"ab\"}",
            "etcd_network_peer_received_bytes_total{From=\"ab\"}",
            "etcd_network_peer_sent_failures_total{To=\"ab\"}",
            "etcd_network_peer_round_trip_time_seconds_bucket{To=\"ab\",le=\"1.0E-4\"}",
            "etcd_network_active_peers{Local=\"1\",Remote=\"ab\"}",
            "etcd_network_known_peers{Local=\"1\",Remote=\"1\"}",
            "etcd_network_known_peers{Local=\"1\",Remote=\"ab\"}");
    assertThat(first.value("etcd_network_active_peers{Local=\"1\",Remote=\"ab\"}")).isZero();
  }

  @Test
  void aLinkAndItsRoundTripAreShown() {
    ServerMetrics metrics = withPeers();
    metrics.linked(0xab, true);
    metrics.roundTrip(0xab, 2_000_000);
    metrics.sendFailed(0xab);
    Exposition page = pageOf(metrics);
    assertThat(page.value("etcd_network_active_peers{Local=\"1\",Remote=\"ab\"}")).isOne();
    assertThat(page.value("etcd_network_peer_round_trip_time_seconds_sum{To=\"ab\"}"))
        .isEqualTo(0.002);
    assertThat(page.value("etcd_network_peer_sent_failures_total{To=\"ab\"}")).isOne();
  }

  @Test
  void everyCallAndCodeHasASeriesFromTheStart() throws Exception {
    Exposition page = scrape();
    assertThat(page.startingWith("grpc_server_handled_total{grpc_code=\"Unavailable\""))
        .hasSameSizeAs(page.startingWith("grpc_server_started_total{"));
    assertThat(page.startingWith("grpc_server_handled_total{grpc_code=\"OK\""))
        .contains(
            "grpc_server_handled_total{grpc_code=\"OK\",grpc_method=\"Watch\","
                + "grpc_service=\"etcdserverpb.Watch\",grpc_type=\"bidi_stream\"}",
            "grpc_server_handled_total{grpc_code=\"OK\",grpc_method=\"LeaseKeepAlive\","
                + "grpc_service=\"etcdserverpb.Lease\",grpc_type=\"bidi_stream\"}");
  }

  @Test
  void operationsAreCountedWhereTheyAreApplied() throws Exception {
    Exposition before = scrape();
    put("counted", "12345");
    kv().range(range("counted"));
    kv().txn(
            TxnRequest.newBuilder()
                .addSuccess(RequestOp.newBuilder().setRequestPut(put("counted2")))
                .addSuccess(RequestOp.newBuilder().setRequestRange(range("counted")))
                .build());
    kv().deleteRange(DeleteRangeRequest.newBuilder().setKey(key("counted")).build());
    Exposition after = scrape();
    assertThat(grown(before, after, "etcd_mvcc_put_total")).isEqualTo(2);
    assertThat(grown(before, after, "etcd_mvcc_range_total")).isEqualTo(2);
    assertThat(grown(before, after, "etcd_mvcc_delete_total")).isOne();
    assertThat(grown(before, after, "etcd_mvcc_txn_total")).isOne();
    assertThat(grown(before, after, "etcd_debugging_mvcc_total_put_size_in_bytes")).isEqualTo(21);
    assertThat(grown(before, after, "etcd_debugging_mvcc_keys_total")).isOne();
    assertThat(
            grown(
                before,
                after,
                "etcd_server_request_duration_seconds_count{success=\"true\",type=\"Put\"}"))
        .isOne();
  }

  private static double grown(Exposition before, Exposition after, String sample) {
    return after.value(sample) - before.value(sample);
  }

  private static ByteString key(String name) {
    return ByteString.copyFromUtf8(name);
  }

  private static PutRequest put(String name) {
    return PutRequest.newBuilder().setKey(key(name)).setValue(key("1")).build();
  }

  @Test
  void leasesAreCounted() throws Exception {
    Exposition before = scrape();
    var leases = LeaseGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
    long id = leases.leaseGrant(LeaseGrantRequest.newBuilder().setTTL(60).build()).getID();
    leases.leaseRevoke(LeaseRevokeRequest.newBuilder().setID(id).build());
    Exposition after = scrape();
    assertThat(grown(before, after, "etcd_debugging_lease_granted_total")).isOne();
    assertThat(grown(before, after, "etcd_debugging_lease_revoked_total")).isOne();
    assertThat(grown(before, after, "etcd_debugging_lease_ttl_total_sum")).isEqualTo(60);
    assertThat(grown(before, after, "etcd_debugging_server_lease_expired_total")).isZero();
  }

  @Test
  void watchersAreCountedUntilTheirStreamEnds() throws Exception {
    BlockingQueue<WatchResponse> told = new LinkedBlockingQueue<>();
    StreamObserver<WatchRequest> stream =
        WatchGrpc.newStub(channel).watch(OpenCall.into(told::add));
    var create = WatchCreateRequest.newBuilder().setKey(key("watched"));
    stream.onNext(WatchRequest.newBuilder().setCreateRequest(create).build());
    assertThat(told.poll(10, TimeUnit.SECONDS)).isNotNull();
    Exposition open = scrape();
    put("watched", "1");
    assertThat(told.poll(10, TimeUnit.SECONDS)).isNotNull();
    assertThat(open.value("etcd_debugging_mvcc_watch_stream_total")).isOne();
    assertThat(open.value("etcd_debugging_mvcc_watcher_total")).isOne();
    assertThat(grown(open, scrape(), "etcd_debugging_mvcc_events_total")).isOne();
    stream.onError(Status.CANCELLED.asException());
    until(
        () -> {
          Exposition now = scrape();
          return now.value("etcd_debugging_mvcc_watcher_total") == 0
              && now.value("etcd_debugging_mvcc_watch_stream_total") == 0;
        });
  }

  @Test
  void jsonRequestsCountAsGrpcOnes() throws Exception {
    String started =
        "grpc_server_started_total{grpc_method=\"Range\",grpc_service=\"etcdserverpb.KV\","
            + "grpc_type=\"unary\"}";
    Exposition before = scrape();
    assertThat(post("/v3/kv/range", "{\"key\":\"Zm9v\"}")).startsWith("200");
    Exposition after = scrape();
    assertThat(grown(before, after, started)).isOne();
    // the key and its tag and length; the answer has a header
    assertThat(grown(before, after, "etcd_network_client_grpc_received_bytes_total")).isEqualTo(5);
    assertThat(grown(before, after, "etcd_network_client_grpc_sent_bytes_total")).isPositive();
  }
}
