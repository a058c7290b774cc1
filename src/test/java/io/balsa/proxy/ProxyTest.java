package io.balsa.proxy;

import static io.balsa.client.ScriptedServer.Behaviour.DIES;
import static io.balsa.client.ScriptedServer.Behaviour.HANGS;
import static io.balsa.client.ScriptedServer.Behaviour.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.balsa.bytes.HostPort;
import io.balsa.client.EtcdClient;
import io.balsa.client.RequestFailed;
import io.balsa.client.ScriptedCluster;
import io.balsa.client.ScriptedServer;
import io.balsa.front.FrontFailure;
import io.balsa.proto.etcdserverpb.ClusterGrpc;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.LeaseGrantRequest;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.Member;
import io.balsa.proto.etcdserverpb.MemberListRequest;
import io.balsa.proto.etcdserverpb.MoveLeaderRequest;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.PutResponse;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.balsa.proto.etcdserverpb.RequestOp;
import io.balsa.proto.etcdserverpb.StatusRequest;
import io.balsa.proto.etcdserverpb.StatusResponse;
import io.balsa.proto.etcdserverpb.TxnRequest;
import io.grpc.Status.Code;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The proxy before three servers: 1 leads at first, 2 and 3 follow. */
@Timeout(60)
class ProxyTest {
  private static final HostPort ANY_PORT = new HostPort("127.0.0.1", 0);
  private static final Duration LONG = Duration.ofSeconds(20);

  private ScriptedCluster cluster;
  private Proxy proxy;
  private EtcdClient client;

  @BeforeEach
  void open() throws Exception {
    cluster = ScriptedCluster.of(1, 2, 3);
    proxy = Proxy.start(ProxyConfig.of(cluster.addresses(), ANY_PORT));
    client = EtcdClient.open(List.of(address(proxy)));
    until(() -> proxy.serves() && proxy.cluster().nearest().size() == 3);
  }

  @AfterEach
  void close() {
    client.close();
    proxy.stop();
    cluster.close();
  }

  private static HostPort address(Proxy proxy) {
    return new HostPort("127.0.0.1", proxy.addresses().getFirst().getPort());
  }

  private static ByteString key(int last) {
    return ByteString.copyFrom(new byte[] {'k', (byte) last});
  }

  private CompletableFuture<PutResponse> put() {
    PutRequest put = PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("w")).build();
    return client.call(KVGrpc.getPutMethod(), put, LONG);
  }

  private long putAt() throws Exception {
    return put().get().getHeader().getMemberId();
  }

  private CompletableFuture<RangeResponse> read(int last) {
    RangeRequest range = RangeRequest.newBuilder().setKey(key(last)).build();
    return client.call(KVGrpc.getRangeMethod(), range, LONG);
  }

  private long readAt(int last) throws Exception {
    return read(last).get().getHeader().getMemberId();
  }

  private StatusResponse status() throws Exception {
    return client
        .call(MaintenanceGrpc.getStatusMethod(), StatusRequest.getDefaultInstance(), LONG)
        .get();
  }

  private static RequestFailed failure(CompletableFuture<?> call) {
    Throwable thrown = catchThrowable(() -> call.get(30, TimeUnit.SECONDS));
    assertThat(thrown.getCause()).isInstanceOf(RequestFailed.class);
    return (RequestFailed) thrown.getCause();
  }

  private static void until(BooleanSupplier hoped) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!hoped.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private int arrivals(String request) {
    return cluster.servers().stream()
        .mapToInt(each -> (int) each.arrivals().stream().filter(request::equals).count())
        .sum();
  }

  @Test
  void writesGoToTheLeader() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertThat(putAt()).isEqualTo(1);
    }
  }

  @Test
  void aKeyIsReadAtTheFollowerOfItsLastByte() throws Exception {
    for (int last = 0; last < 256; last++) {
      assertThat(readAt(last)).isEqualTo(last % 2 == 0 ? 2 : 3);
    }
  }

  @Test
  void rangesAreReadAtTheFollowersInTurn() throws Exception {
    List<Long> readers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      RangeRequest range = RangeRequest.newBuilder().setKey(key(0)).setRangeEnd(key(9)).build();
      readers.add(
          client.call(KVGrpc.getRangeMethod(), range, LONG).get().getHeader().getMemberId());
    }
    assertThat(readers.subList(0, 2)).containsExactlyInAnyOrder(2L, 3L);
    assertThat(readers.subList(2, 4)).isEqualTo(readers.subList(0, 2));
  }

  @Test
  void transactionsGoByWhetherTheyWrite() throws Exception {
    TxnRequest writing =
        TxnRequest.newBuilder()
            .addSuccess(
                RequestOp.newBuilder().setRequestPut(PutRequest.newBuilder().setKey(key(1))))
            .build();
    TxnRequest reading =
        TxnRequest.newBuilder()
            .addSuccess(
                RequestOp.newBuilder().setRequestRange(RangeRequest.newBuilder().setKey(key(1))))
            .build();

    assertThat(txnAt(writing)).isEqualTo(1);
    assertThat(txnAt(reading)).isNotEqualTo(1);
  }

  private long txnAt(TxnRequest txn) throws Exception {
    return client.call(KVGrpc.getTxnMethod(), txn, LONG).get().getHeader().getMemberId();
  }

  @Test
  void aReadWhoseFollowerFailsGoesToTheNextAndToTheLeaderLast() throws Exception {
    cluster.server(2).behave(UNAVAILABLE);
    assertThat(readAt(0)).isEqualTo(3);

    cluster.server(3).kill();
    assertThat(readAt(0)).isEqualTo(1);
    assertThat(readAt(1)).isEqualTo(1);
  }

  @Test
  void aReadThatNobodyServesFailsAsTheLastServerSaid() {
    cluster.servers().forEach(each -> each.behave(UNAVAILABLE));

    RequestFailed failed = failure(read(0));

    assertThat(failed).hasMessage("etcdserver: leader changed");
    assertThat(failed.status().getCode()).isEqualTo(Code.UNAVAILABLE);
  }

  @Test
  void aWriteThatArrivedIsNeverRepeated() {
    cluster.server(1).behave(DIES);

    RequestFailed failed = failure(put());

    assertThat(failed.status().getCode()).isEqualTo(Code.UNAVAILABLE);
    assertThat(failed).hasMessage("etcdserver: request timed out, possibly due to connection lost");
    assertThat(arrivals("put w")).isEqualTo(1);
  }

  @Test
  void manyWritesDuringALeadersDeathArriveOnceAtMost() throws Exception {
    List<CompletableFuture<PutResponse>> puts = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      puts.add(put());
      if (i == 100) {
        cluster.server(1).behave(DIES);
      }
    }
    until(() -> puts.stream().anyMatch(CompletableFuture::isCompletedExceptionally));
    cluster.lead(2);
    until(() -> puts.stream().allMatch(CompletableFuture::isDone));

    long answered = puts.stream().filter(each -> !each.isCompletedExceptionally()).count();
    assertThat(arrivals("put w")).isBetween((int) answered, 200);
  }

  @Test
  void aWriteWaitsForTheNextLeaderWhenTheOldOneIsGone() throws Exception {
    cluster.server(1).kill();
    until(() -> !proxy.serves());
    CompletableFuture<PutResponse> held = put();
    cluster.lead(3);

    assertThat(held.get().getHeader().getMemberId()).isEqualTo(3);
    assertThat(arrivals("put w")).isEqualTo(1);
  }

  @Test
  void writesGoToTheNewLeaderOnceAnAnswerSaysSo() throws Exception {
    cluster.lead(2);
    readAt(0);

    until(() -> proxy.serves());
    putAt();
    until(() -> putsArrive(2));
  }

  private boolean putsArrive(long member) {
    try {
      return putAt() == member;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void withoutALeaderAWriteFailsAfterSevenSecondsWithEtcdsWords() {
    cluster.servers().forEach(ScriptedServer::kill);
    until(() -> !proxy.serves());
    long before = System.nanoTime();

    RequestFailed failed = failure(put());

    assertThat(failed).hasMessage("etcdserver: no leader");
    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .isBetween(Duration.ofMillis(6_900), Duration.ofMillis(9_000));
  }

  @Test
  void aSilentFollowersReadsGoElsewhere() throws Exception {
    cluster.server(2).behave(HANGS);

    assertThat(readAt(0)).isEqualTo(3);
  }

  @Test
  void whatASilentLeaderHasFailsWhenAnotherLeads() {
    cluster.server(1).behave(HANGS);
    CompletableFuture<PutResponse> stuck = put();
    until(() -> !proxy.serves());
    CompletableFuture<PutResponse> held = put();
    cluster.lead(2);

    assertThat(failure(stuck))
        .hasMessage("etcdserver: request timed out, possibly due to previous leader failure");
    assertThat(held.join().getHeader().getMemberId()).isEqualTo(2);
    assertThat(arrivals("put w")).isEqualTo(2);
  }

  @Test
  void theLeaderMovesThroughTheProxy() throws Exception {
    assertThat(status().getLeader()).isEqualTo(status().getHeader().getMemberId());
    client
        .call(
            MaintenanceGrpc.getMoveLeaderMethod(),
            MoveLeaderRequest.newBuilder().setTargetID(3).build(),
            LONG)
        .get();

    until(() -> putsArrive(3));
    assertThat(status().getHeader().getMemberId()).isEqualTo(3);
  }

  @Test
  void aLeaderThatMovedUnnoticedIsFoundByItsRefusal() throws Exception {
    cluster.lead(2);
    client
        .call(
            MaintenanceGrpc.getMoveLeaderMethod(),
            MoveLeaderRequest.newBuilder().setTargetID(3).build(),
            LONG)
        .get();

    assertThat(cluster.leader()).isEqualTo(3);
  }

  @Test
  void theMemberListShowsTheProxysAddress() throws Exception {
    List<Member> members =
        client
            .call(ClusterGrpc.getMemberListMethod(), MemberListRequest.getDefaultInstance(), LONG)
            .get()
            .getMembersList();

    assertThat(members).extracting(Member::getID).containsExactly(1L, 2L, 3L);
    assertThat(members)
        .allSatisfy(
            each -> assertThat(each.getClientURLsList()).containsExactly(address(proxy).url()));
    assertThat(members.getFirst().getPeerURLsList()).containsExactly("http://peer:1");
  }

  @Test
  void whatAServerDoesNotServePassesAsItIs() {
    RequestFailed failed =
        failure(
            client.call(
                LeaseGrpc.getLeaseGrantMethod(), LeaseGrantRequest.getDefaultInstance(), LONG));

    assertThat(failed.status().getCode()).isEqualTo(Code.UNIMPLEMENTED);
  }

  @Test
  void aProxyBehindAProxyIsRefusedAtOnce() throws Exception {
    Proxy second = Proxy.start(ProxyConfig.of(List.of(address(proxy)), ANY_PORT));
    try (EtcdClient behind = EtcdClient.open(List.of(address(second)))) {
      until(() -> refusedAsCircle(behind));
    } finally {
      second.stop();
    }
  }

  private static boolean refusedAsCircle(EtcdClient behind) {
    MessageLite put = PutRequest.newBuilder().setKey(key(1)).build();
    RequestFailed failed =
        failure(behind.call(KVGrpc.getPutMethod(), (PutRequest) put, Duration.ofSeconds(20)));
    return failed.status().getCode() == Code.FAILED_PRECONDITION
        && failed.status().getDescription().startsWith("balsa: a proxy was reached through");
  }

  @Test
  void aProxyGivenItsOwnAddressIsRefusedAtTheStart() {
    HostPort own = new HostPort("127.0.0.1", 4711);

    assertThatThrownBy(() -> ProxyConfig.of(List.of(own), own))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("own address");
  }

  @Test
  void aPortInUseIsOneClearLine() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      HostPort listen = new HostPort("127.0.0.1", taken.getLocalPort());

      assertThatThrownBy(() -> Proxy.start(ProxyConfig.of(cluster.addresses(), listen)))
          .isInstanceOf(FrontFailure.class)
          .hasMessageContaining(listen.toString());
    }
  }

  @Test
  void healthAndMetricsAreServedOverHttp() throws Exception {
    putAt();
    readAt(0);

    assertThat(get("/health")).contains("\"health\":\"true\"");
    assertThat(get("/metrics"))
        .contains(
            "balsa_proxy_requests_total{outcome=\"ok\",route=\"leader\",target=\""
                + cluster.server(1).address()
                + "\"} 1.0")
        .contains(
            "balsa_proxy_requests_total{outcome=\"ok\",route=\"key\",target=\""
                + cluster.server(2).address()
                + "\"} 1.0")
        .contains("balsa_proxy_has_leader 1.0");
  }

  @Test
  void jsonGoesTheSameWay() throws Exception {
    assertThat(post("/v3/kv/put", "{\"key\":\"aw==\",\"value\":\"dg==\"}"))
        .contains("\"member_id\":\"1\"");
    assertThat(post("/v3/kv/range", "{\"key\":\"AA==\"}")).contains("\"member_id\":\"2\"");
  }

  private String get(String path) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(address(proxy).url() + path)).build());
  }

  private String post(String path, String body) throws Exception {
    return send(
        HttpRequest.newBuilder(URI.create(address(proxy).url() + path))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private static String send(HttpRequest request) throws Exception {
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
  }
}
