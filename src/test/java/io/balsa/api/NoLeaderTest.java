package io.balsa.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.balsa.proto.etcdserverpb.ClusterGrpc;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.MemberListRequest;
import io.balsa.proto.etcdserverpb.MoveLeaderRequest;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.StatusRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A server that never reaches its peers refuses with etcd's errors, and its liveness check
 * succeeds.
 */
class NoLeaderTest {
  private static final ByteString KEY = ByteString.copyFromUtf8("k");

  private OneServer alone;
  private ManagedChannel channel;

  @BeforeEach
  void start() {
    alone = OneServer.startAlone(TimeUnit.MILLISECONDS.toNanos(300));
    channel = NettyChannelBuilder.forAddress("127.0.0.1", alone.port()).usePlaintext().build();
  }

  @AfterEach
  void stop() throws InterruptedException {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    alone.close();
  }

  private KVGrpc.KVBlockingStub kv() {
    return KVGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  private static void unavailable(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
              assertThat(e.getStatus().getDescription())
                  .isIn("etcdserver: no leader", "etcdserver: request timed out");
            });
  }

  @Test
  void writesAndLinearizableReadsAreRefusedInTime() {
    RangeRequest range = RangeRequest.newBuilder().setKey(KEY).build();
    unavailable(() -> kv().put(PutRequest.newBuilder().setKey(KEY).build()));
    unavailable(() -> kv().range(range));
    unavailable(
        () ->
            ClusterGrpc.newBlockingStub(channel)
                .memberList(MemberListRequest.newBuilder().setLinearizable(true).build()));
    unavailable(() -> kv().range(range.toBuilder().setSerializable(true).build()));
  }

  @Test
  void whoAsksForALeaderIsToldAtOnce() {
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER), "true");
    RangeRequest local = RangeRequest.newBuilder().setKey(KEY).setSerializable(true).build();
    assertThatThrownBy(
            () ->
                kv().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                    .range(local))
        .hasMessage("UNAVAILABLE: etcdserver: no leader");
  }

  /** A probe waits a second; the requests of this server may take a minute. */
  @Test
  void readinessIsDeniedAtOnce() throws Exception {
    try (OneServer patient = OneServer.startAlone(TimeUnit.MINUTES.toNanos(1))) {
      long before = System.nanoTime();
      assertThat(get(patient, "/readyz")).startsWith("503 ").contains("no leader");
      assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(3));
    }
  }

  @Test
  void statusAndPagesSayIt() throws Exception {
    var maintenance = MaintenanceGrpc.newBlockingStub(channel);
    assertThat(maintenance.status(StatusRequest.getDefaultInstance()).getErrorsList())
        .containsExactly("etcdserver: no leader");
    assertThatThrownBy(
            () -> maintenance.moveLeader(MoveLeaderRequest.newBuilder().setTargetID(1).build()))
        .hasMessage("FAILED_PRECONDITION: etcdserver: not leader");
    assertThat(get("/health"))
        .isEqualTo("503 {\"health\":\"false\",\"reason\":\"RAFT NO LEADER\"}\n");
    assertThat(get("/health?serializable=true")).startsWith("200 ");
    assertThat(get("/livez")).isEqualTo("200 ok\n");
    assertThat(get("/readyz"))
        .startsWith(
            """
            503 [+]data_corruption ok
            [-]serializable_read failed: etcdserver: no leader
            [-]linearizable_read failed: etcdserver: no leader
            """);
    assertThat(get("/metrics")).contains("\netcd_server_has_leader 0.0\n");
  }

  private String get(String path) throws Exception {
    return get(alone, path);
  }

  private static String get(OneServer server, String path) throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
      var answer = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
      return answer.statusCode() + " " + answer.body();
    }
  }
}
