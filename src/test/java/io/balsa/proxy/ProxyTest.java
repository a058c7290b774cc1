package io.balsa.proxy;

import static io.balsa.host.Until.until;
import static io.balsa.proxy.ProxiedCluster.ANY_PORT;
import static io.balsa.proxy.ProxiedCluster.LONG;
import static io.balsa.proxy.ProxiedCluster.addressOf;
import static io.balsa.proxy.ProxiedCluster.failure;
import static io.balsa.proxy.ProxiedCluster.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.balsa.bytes.HostPort;
import io.balsa.client.EtcdClient;
import io.balsa.client.RequestFailed;
import io.balsa.client.ScriptedServer;
import io.balsa.front.FrontFailure;
import io.balsa.front.MonitoringNames;
import io.balsa.house.SharesCores;
import io.balsa.proto.etcdserverpb.ClusterGrpc;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.LeaseGrantRequest;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.Member;
import io.balsa.proto.etcdserverpb.MemberListRequest;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RequestOp;
import io.balsa.proto.etcdserverpb.TxnRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.netty.NettyChannelBuilder;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The proxy before three healthy servers: 1 leads, 2 and 3 follow. */
@SharesCores
@Timeout(60)
class ProxyTest {
  private ProxiedCluster proxied;

  @BeforeEach
  void open() throws Exception {
    proxied = new ProxiedCluster();
  }

  @AfterEach
  void close() {
    proxied.close();
  }

  @Test
  void writesGoToTheLeader() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertThat(proxied.putAt()).isEqualTo(1);
    }
  }

  @Test
  void aKeyIsReadAtTheFollowerOfItsLastByte() throws Exception {
    for (int last = 0; last < 256; last++) {
      assertThat(proxied.readAt(last)).isEqualTo(last % 2 == 0 ? 2 : 3);
    }
  }

  @Test
  void rangesAreReadAtTheFollowersInTurn() throws Exception {
    List<Long> readers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      RangeRequest range = RangeRequest.newBuilder().setKey(key(0)).setRangeEnd(key(9)).build();
      readers.add(
          proxied
              .client()
              .call(KVGrpc.getRangeMethod(), range, LONG)
              .get()
              .getHeader()
              .getMemberId());
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
    return proxied.client().call(KVGrpc.getTxnMethod(), txn, LONG).get().getHeader().getMemberId();
  }

  @Test
  void theMemberListShowsTheProxysAddress() throws Exception {
    List<Member> members =
        proxied
            .client()
            .call(ClusterGrpc.getMemberListMethod(), MemberListRequest.getDefaultInstance(), LONG)
            .get()
            .getMembersList();

    assertThat(members).extracting(Member::getID).containsExactly(1L, 2L, 3L);
    assertThat(members)
        .allSatisfy(
            each -> assertThat(each.getClientURLsList()).containsExactly(proxied.address().url()));
    assertThat(members.getFirst().getPeerURLsList()).containsExactly("http://peer:1");
  }

  @Test
  void whatAServerDoesNotServePassesAsItIs() {
    RequestFailed failed =
        failure(
            proxied
                .client()
                .call(
                    LeaseGrpc.getLeaseGrantMethod(), LeaseGrantRequest.getDefaultInstance(), LONG));

    assertThat(failed.status().getCode()).isEqualTo(Code.UNIMPLEMENTED);
  }

  @Test
  void aProxyBehindAProxyIsRefusedAtOnce() throws Exception {
    Proxy second = Proxy.start(ProxyConfig.of(List.of(proxied.address()), ANY_PORT));
    try (EtcdClient behind = EtcdClient.open(List.of(addressOf(second)))) {
      until(() -> refusedAsCircle(behind));
    } finally {
      second.stop();
    }
  }

  private static boolean refusedAsCircle(EtcdClient behind) {
    MessageLite put = PutRequest.newBuilder().setKey(key(1)).build();
    RequestFailed failed = failure(behind.call(KVGrpc.getPutMethod(), (PutRequest) put, LONG));
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

      assertThatThrownBy(() -> Proxy.start(ProxyConfig.of(proxied.cluster().addresses(), listen)))
          .isInstanceOf(FrontFailure.class)
          .hasMessageContaining(listen.toString());
    }
  }

  @Test
  void healthAndMetricsAreServedOverHttp() throws Exception {
    proxied.putAt();
    proxied.readAt(0);

    assertThat(get("/health")).contains("\"health\":\"true\"");
    assertThat(get("/metrics"))
        .contains(
            "balsa_proxy_requests_total{outcome=\"ok\",route=\"leader\",target=\""
                + proxied.cluster().server(1).address()
                + "\"} 1.0")
        .contains(
            "balsa_proxy_requests_total{outcome=\"ok\",route=\"key\",target=\""
                + proxied.cluster().server(2).address()
                + "\"} 1.0")
        .contains("balsa_proxy_has_leader 1.0");
    assertThat(get("/proxy/health")).isEqualTo(get("/health"));
    assertThat(post("/health", "")).isEqualTo("Method Not Allowed\n");
  }

  @Test
  void boardsAndRulesHaveDataOfTheProxy() throws Exception {
    proxied.putAt();
    List<String> wanted =
        new ArrayList<>(MonitoringNames.all().stream().filter(MonitoringNames::isOfProxy).toList());
    wanted.addAll(List.of("process_resident_memory_bytes", "balsa_heap_used_bytes"));
    assertThat(wanted).hasSizeGreaterThan(6);
    String page = "\n" + get("/proxy/metrics");
    assertThat(wanted).allSatisfy(name -> assertThat(page).containsPattern("\n" + name + "[{ ]"));
  }

  @Test
  void probesAreAnsweredAtOnce() throws Exception {
    assertThat(get("/livez")).isEqualTo("ok\n");
    assertThat(get("/readyz")).isEqualTo("ok\n");
    assertThat(get("/version"))
        .isEqualTo("{\"etcdserver\":\"3.7.3\",\"etcdcluster\":\"3.7.0\",\"storage\":\"unknown\"}");
    proxied.cluster().servers().forEach(ScriptedServer::kill);
    until(() -> !proxied.proxy().serves());
    assertThat(get("/readyz")).isEqualTo("[-]leader failed: etcdserver: no leader\n\n");
    assertThat(get("/livez")).isEqualTo("ok\n");
  }

  @Test
  void jsonGoesTheSameWay() throws Exception {
    assertThat(post("/v3/kv/put", "{\"key\":\"aw==\",\"value\":\"dg==\"}"))
        .contains("\"member_id\":\"1\"");
    assertThat(post("/v3/kv/range", "{\"key\":\"AA==\"}")).contains("\"member_id\":\"2\"");
  }

  private String get(String path) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(proxied.address().url() + path)).build());
  }

  private String post(String path, String body) throws Exception {
    return send(
        HttpRequest.newBuilder(URI.create(proxied.address().url() + path))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private static String send(HttpRequest request) throws Exception {
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
  }

  @Test
  void aCompressedPutPassesAsItIs() throws Exception {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(proxied.proxy().addresses().getFirst())
            .usePlaintext()
            .build();
    try {
      byte[] value = new byte[50_000];
      new Random(1).nextBytes(value);
      PutRequest put =
          PutRequest.newBuilder().setKey(key(1)).setValue(ByteString.copyFrom(value)).build();
      var _ = KVGrpc.newBlockingStub(channel).withCompression("gzip").put(put);
      assertThat(proxied.arrivals("put " + put.getKey().toStringUtf8())).isEqualTo(1);
    } finally {
      channel.shutdownNow();
    }
  }
}
