package io.balsa.server;

import static io.balsa.host.Until.until;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.logging.LogWatch;
import io.balsa.proto.etcdserverpb.AlarmRequest;
import io.balsa.proto.etcdserverpb.AlarmType;
import io.balsa.proto.etcdserverpb.CompactionRequest;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.SnapshotRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a server logs about what happens to it. */
@Timeout(60)
class LogOfOneServerTest {
  private static final ByteString KEY = ByteString.copyFromUtf8("k");
  private static final LogWatch LOG = new LogWatch("");

  @TempDir private static Path root;
  private static BalsaServer server;
  private static HostPort address;
  private static ManagedChannel channel;

  @BeforeAll
  static void start() throws Exception {
    Duration least = Duration.ofNanos(1);
    ClientPorts usual = ClientPorts.DEFAULT;
    ClientPorts ports =
        new ClientPorts(
            usual.sockets(),
            usual.advertisedSockets(),
            usual.http(),
            usual.metrics(),
            usual.jsonGateway(),
            usual.access(),
            usual.grpc(),
            least);
    server =
        BalsaServer.start(
            Loopback.alone(root.resolve("data")).clientPorts(ports).slowApply(least).build());
    address = Loopback.address(server);
    channel = NettyChannelBuilder.forAddress(address.host(), address.port()).usePlaintext().build();
    until(() -> server.leader() != 0);
  }

  @AfterAll
  static void stop() throws InterruptedException {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    server.close();
    LOG.close();
  }

  private static void logged(String text) {
    until(() -> "a line with: " + text, () -> !LOG.with(text).isEmpty());
  }

  private static KVGrpc.KVBlockingStub kv() {
    return KVGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  private static MaintenanceGrpc.MaintenanceBlockingStub maintenance() {
    return MaintenanceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  private static void put() {
    kv().put(PutRequest.newBuilder().setKey(KEY).setValue(KEY).build());
  }

  @Test
  void aLeaderHasANameAndATerm() {
    logged("INFO a leader is elected leader=");
    assertThat(LOG.with("a leader is elected").getFirst())
        .matches(
            "INFO a leader is elected leader=default leader-id="
                + Long.toHexString(server.memberId())
                + " term=[12] this-server-leads=true");
  }

  @Test
  void aSlowRequestHasItsPhases() {
    put();
    logged("method=etcdserverpb.KV/Put");
    assertThat(LOG.with("method=etcdserverpb.KV/Put").getFirst())
        .startsWith("WARNING a request took too long; look at its longest phase")
        .containsSubsequence(
            " client=/127.0.0.1:",
            " took=",
            " expected=0.001µs waiting=",
            " replicating=",
            " applying=",
            " sending=",
            " request-bytes=6 ",
            " code=OK");
    kv().range(RangeRequest.newBuilder().setKey(KEY).build());
    logged("method=etcdserverpb.KV/Range");
    assertThat(LOG.with("method=etcdserverpb.KV/Range").getFirst())
        .containsSubsequence(" waiting-for-read-index=", " reading=", " sending=")
        .doesNotContain("replicating");
    logged("applying entries took too long");
  }

  /** A slow server answers many requests slowly: they are one line a minute. */
  @Test
  void manySlowRequestsAreOneLine() {
    for (int i = 0; i < 100; i++) {
      put();
    }
    assertThat(LOG.with("method=etcdserverpb.KV/Put")).hasSizeLessThanOrEqualTo(2);
    assertThat(LOG.with("applying entries took too long")).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void anAlarmComesAndGoes() {
    AlarmRequest.Builder alarm =
        AlarmRequest.newBuilder().setAlarm(AlarmType.NOSPACE).setMemberID(server.memberId());
    maintenance().alarm(alarm.setAction(AlarmRequest.AlarmAction.ACTIVATE).build());
    logged("WARNING alarm NOSPACE is raised, puts are refused; delete keys, compact");
    maintenance().alarm(alarm.setAction(AlarmRequest.AlarmAction.DEACTIVATE).build());
    logged(
        "INFO an alarm is cleared alarm=NOSPACE member=default member-id="
            + Long.toHexString(server.memberId()));
  }

  @Test
  void aCompactionHasItsRevisionAndItsTime() {
    put();
    long revision = kv().put(PutRequest.newBuilder().setKey(KEY).build()).getHeader().getRevision();
    kv().compact(CompactionRequest.newBuilder().setRevision(revision).setPhysical(true).build());
    logged("INFO history is compacted, its space is given back step by step compact-revision=");
    logged("INFO the space of compacted history is given back compact-revision=" + revision);
  }

  @Test
  void aBackupIsLogged() {
    maintenance().snapshot(SnapshotRequest.getDefaultInstance()).forEachRemaining(_ -> {});
    logged("INFO a backup of the store is made for a client revision=");
  }

  /** Garbage, half a request of HTTP/2, and a header of the gateway that gRPC refuses. */
  @Test
  void clientsCannotFloodTheLog() throws IOException {
    int before = LOG.lines().size();
    for (int i = 0; i < 60; i++) {
      send("\u0001\u0002garbage " + i + "\r\n\r\n");
      send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n garbage after the preface");
      send(
          "POST /v3/kv/range HTTP/1.1\r\nHost: a\r\nGrpc-Metadata-\u0007x: y\r\n"
              + "Grpc-Metadata-a-bin: ***\r\nContent-Length: 2\r\n\r\n{}");
      send("POST /v3/kv/range HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n{");
    }
    put();
    assertThat(LOG.lines().size() - before).isLessThan(20);
    assertThat(LOG.lines()).noneMatch(line -> line.contains("\n"));
  }

  private static void send(String bytes) throws IOException {
    try (Socket socket = new Socket(address.host(), address.port())) {
      socket.getOutputStream().write(bytes.getBytes(US_ASCII));
      socket.shutdownOutput();
      socket.setSoTimeout(2_000);
      var _ = socket.getInputStream().read();
    } catch (java.net.SocketException _) {
      assertThat(server.leader()).as("the server goes on").isNotZero();
    }
  }
}
