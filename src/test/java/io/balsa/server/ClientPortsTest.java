package io.balsa.server;

import static io.balsa.host.Until.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.client.EtcdCalls;
import io.balsa.front.GrpcLimits;
import io.balsa.front.HttpAccess;
import io.balsa.proto.etcdserverpb.ClusterGrpc;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.MemberListRequest;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with a port of its own for HTTP, one for metrics, and a Unix socket. */
class ClientPortsTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final MultiThreadIoEventLoopGroup LOOPS =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

  @TempDir private static Path root;

  private static Path socket;
  private static BalsaServer server;

  @BeforeAll
  static void start() throws Exception {
    socket = root.resolve("c.sock");
    leaveBehind(socket);
    server = BalsaServer.start(settings(root.resolve("a"), socket));
  }

  /** What a killed process leaves: a file that nobody listens on. */
  private static void leaveBehind(Path path) throws IOException {
    try (ServerSocketChannel old = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      old.bind(UnixDomainSocketAddress.of(path));
    }
    assertThat(path).exists();
  }

  private static ServerSettings settings(Path data, Path at) {
    ClientPorts ports =
        new ClientPorts(
            List.of(HostPort.parse("unix://" + at)),
            List.of(),
            List.of(Loopback.ANY),
            List.of(Loopback.ANY),
            true,
            HttpAccess.DEFAULT,
            GrpcLimits.DEFAULT,
            Duration.ofSeconds(1));
    return Loopback.alone(data)
        .listenClients(List.of(new HostPort("0.0.0.0", 0)))
        .clientPorts(ports)
        .build();
  }

  @AfterAll
  static void stop() {
    server.close();
    assertThat(socket).doesNotExist();
    LOOPS.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    HTTP.close();
  }

  @Test
  void theRealPortIsAdvertisedAndSoIsTheSocket() throws Exception {
    ManagedChannel channel = channel(server.clientAddress());
    try {
      List<String> urls =
          List.of("http://127.0.0.1:" + server.clientAddress().getPort(), "unix://" + socket);
      // a member says its addresses by a write, soon after its start
      until(
          () ->
              ClusterGrpc.newBlockingStub(channel)
                  .memberList(MemberListRequest.newBuilder().setLinearizable(true).build())
                  .getMembers(0)
                  .getClientURLsList()
                  .equals(urls));
    } finally {
      end(channel);
    }
  }

  @Test
  void aSocketServesGrpcAndIsItsOwnersAlone() throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
        .isEqualTo("rw-------");
    HostPort address = HostPort.parse("unix://" + socket);
    try (EtcdCalls calls = EtcdCalls.open(List.of(address), Duration.ofSeconds(5))) {
      assertThat(EtcdCalls.await(calls.status()).getVersion()).isNotEmpty();
    }
  }

  @Test
  void aSocketThatAnotherServerHasIsRefusedBeforeItJoins() {
    ServerSettings second = settings(root.resolve("b"), socket);

    assertThatThrownBy(() -> BalsaServer.start(second))
        .isInstanceOf(ServerFailure.class)
        .hasMessageContaining("cannot listen on unix://" + socket + " (Address already in use)");
    assertThat(root.resolve("b/wal")).doesNotExist();
    Path file = root.resolve("a");
    assertThatThrownBy(() -> BalsaServer.start(settings(root.resolve("b"), file)))
        .hasMessageContaining("a file that is no socket is there");
    Path nowhere = root.resolve("nowhere/c.sock");
    assertThatThrownBy(() -> BalsaServer.start(settings(root.resolve("b"), nowhere)))
        .hasMessageContaining("there is no folder " + root.resolve("nowhere"));
  }

  @Test
  void httpIsAtItsOwnPortAndGrpcIsNot() throws Exception {
    InetSocketAddress http = server.httpAddresses().getFirst();

    assertThat(get(http, "/health")).startsWith("200 {\"health\":\"true\"");
    assertThat(json(http)).startsWith("200 {\"header\"");
    assertThat(get(server.clientAddress(), "/health")).startsWith("404");
    assertThat(json(server.clientAddress())).startsWith("404");
    assertThat(overSocket("/health")).startsWith("HTTP/1.1 404");
    ManagedChannel channel = channel(http);
    try {
      assertThatThrownBy(() -> put(channel))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageStartingWith("UNIMPLEMENTED");
    } finally {
      end(channel);
    }
  }

  @Test
  void metricsAndHealthAreAtTheirOwnPortToo() throws Exception {
    InetSocketAddress metrics = server.metricsAddresses().getFirst();

    assertThat(get(metrics, "/metrics")).startsWith("200 ").contains("etcd_server_has_leader");
    for (String page : List.of("/health", "/livez", "/readyz")) {
      assertThat(get(metrics, page)).as(page).startsWith("200 ");
    }
    assertThat(json(metrics)).startsWith("404");
  }

  private static void put(ManagedChannel channel) {
    var _ =
        KVGrpc.newBlockingStub(channel)
            .withDeadlineAfter(5, TimeUnit.SECONDS)
            .put(PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("k")).build());
  }

  private static ManagedChannel channel(InetSocketAddress address) {
    return NettyChannelBuilder.forAddress("127.0.0.1", address.getPort())
        .channelType(NioSocketChannel.class)
        .eventLoopGroup(LOOPS)
        .usePlaintext()
        .build();
  }

  private static void end(ManagedChannel channel) throws InterruptedException {
    assertThat(channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS)).isTrue();
  }

  private static String get(InetSocketAddress address, String path) throws Exception {
    return send(HttpRequest.newBuilder(uri(address, path)));
  }

  private static String json(InetSocketAddress address) throws Exception {
    return send(
        HttpRequest.newBuilder(uri(address, "/v3/kv/range"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"key\":\"YQ==\"}")));
  }

  private static URI uri(InetSocketAddress address, String path) {
    return URI.create("http://127.0.0.1:" + address.getPort() + path);
  }

  private static String send(HttpRequest.Builder request) throws Exception {
    var answer = HTTP.send(request.build(), BodyHandlers.ofString());
    return answer.statusCode() + " " + answer.body();
  }

  private static String overSocket(String path) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      String head = "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
      channel.write(ByteBuffer.wrap(head.getBytes(UTF_8)));
      return new String(Channels.newInputStream(channel).readAllBytes(), UTF_8);
    }
  }
}
