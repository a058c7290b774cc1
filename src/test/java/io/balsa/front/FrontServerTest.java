package io.balsa.front;

import static io.balsa.host.Until.until;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.balsa.budget.AnswerBudget;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.PutResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FrontServerTest {
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final String EMPTY_SETTINGS = "\0\0\0\4\0\0\0\0\0";
  private static final FrontLimits QUICK = new FrontLimits(64 * 1024, 300, 400, 500, 4_000);

  /** Libraries and servers of other tests log too, for instance when memory is collected. */
  private static final Logger LOGGER = Logger.getLogger("io.balsa.front");

  private final List<LogRecord> logged = new CopyOnWriteArrayList<>();
  private final Handler log =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          // a line that sums up the last minute tells of other tests
          if (!line.getMessage().contains("more-in-last-minute")) {
            logged.add(line);
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };
  private final ClientFaults faults = new ClientFaults();
  private FrontServer server;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws FrontFailure {
    LOGGER.addHandler(log);
    server = start(0);
    channel = NettyChannelBuilder.forAddress(server.addresses().getFirst()).usePlaintext().build();
  }

  private FrontServer start(int port) throws FrontFailure {
    return FrontServer.start(
        List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)),
        List.of(new TinyKv().bindService()),
        List.of(),
        new HttpRoutes()
            .with("/hello", (request, done) -> done.accept(HttpResponse.text(200, "hello\n")))
            .with("/broken", FrontServerTest::broken),
        QUICK,
        AnswerBudget.ofProcess(),
        faults);
  }

  private static void broken(HttpRequest request, java.util.function.Consumer<HttpResponse> done) {
    throw new IllegalStateException("broken on purpose");
  }

  @AfterEach
  void stop() throws InterruptedException {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    server.stop(Duration.ofSeconds(1));
    LOGGER.removeHandler(log);
  }

  @Test
  void grpcAndHttpShareAPort() throws Exception {
    assertThat(put("k").getHeader().getRevision()).isEqualTo(7);
    assertThat(get("/hello")).isEqualTo("200 hello\n");
    assertThat(get("/nothing")).isEqualTo("404 404 page not found\n");
    assertThat(put("k").getPrevKv().getKey().toStringUtf8()).isEqualTo("k");
  }

  @Test
  void aPrefaceSentByteByByteIsGrpc() throws Exception {
    try (Socket socket = connect()) {
      socket.setTcpNoDelay(true);
      for (char c : (PREFACE + EMPTY_SETTINGS).toCharArray()) {
        socket.getOutputStream().write(c);
        socket.getOutputStream().flush();
      }
      byte[] frame = socket.getInputStream().readNBytes(9);
      assertThat(frame[3]).as("the type of the first frame: SETTINGS").isEqualTo((byte) 4);
    }
  }

  @Test
  void halfSentPrefacesAndSilenceAreClosedInTime() throws Exception {
    for (String start : List.of("", "P", "PRI * HT", PREFACE.substring(0, 23))) {
      try (Socket socket = send(start)) {
        assertThat(rest(socket)).as("after " + start.length() + " bytes").isEmpty();
      }
    }
    assertThat(logged.stream().map(LogRecord::getMessage)).as("one line for all").hasSize(1);
  }

  @Test
  void garbageIsClosedAndCounted() throws Exception {
    for (String garbage :
        List.of("\0\1\2\3", "PRI * HTTP/9.9\r\n\r\n", "\u0016\u0003\u0001\0", "get / x\r\n\r\n")) {
      try (Socket socket = send(garbage)) {
        assertThat(rest(socket)).isEmpty();
      }
    }
    try (Socket socket = send(PREFACE + "this is no frame of HTTP/2 at all, is it?")) {
      rest(socket);
    }
    assertThat(get("/hello")).startsWith("200");
    // a connection that its client closed first is not counted
    until(() -> faults.count(ClientFaults.Kind.BROKEN_CONNECTION) >= 4);
    assertThat(logged.stream().map(LogRecord::getMessage)).as("one line for all").hasSize(1);
  }

  @Test
  void whatIsNearlyHttpGetsAStatus() throws Exception {
    try (Socket socket = send("GARBAGE\r\n\r\n")) {
      assertThat(rest(socket)).startsWith("HTTP/1.1 400 ");
    }
    try (Socket socket = send("GET /" + "x".repeat(70_000) + " HTTP/1.1\r\n\r\n")) {
      assertThat(rest(socket)).startsWith("HTTP/1.1 431 ");
    }
    assertThat(logged).isEmpty();
  }

  @Test
  void aHandlerThatFailsIsA500() throws Exception {
    assertThat(get("/broken")).isEqualTo("500 500 Internal Server Error\n");
    until(() -> !logged.isEmpty()); // the line is written beside the answer
    assertThat(logged).hasSize(1);
  }

  @Test
  void slowAndIdleHttpConnectionsAreClosedInTime() throws Exception {
    try (Socket socket = send("GET /hello HT")) {
      assertThat(rest(socket)).isEmpty();
    }
    try (Socket socket = send("POST /hello HTTP/1.1\r\ncontent-length: 5\r\n\r\nab")) {
      assertThat(rest(socket)).isEmpty();
    }
    try (Socket socket = send("GET /hello HTTP/1.1\r\n\r\n")) {
      assertThat(rest(socket)).startsWith("HTTP/1.1 200").endsWith("hello\n");
    }
  }

  @Test
  void headersOfCallsThatDoNotEndAreClosedInTime() throws Exception {
    String method = KVGrpc.getPutMethod().getFullMethodName();
    try (RawHttp2 open = new RawHttp2(server.addresses().getFirst(), 65_535);
        RawHttp2 ended = new RawHttp2(server.addresses().getFirst(), 65_535)) {
      int _ = open.beginWithoutEnd(method, 2, 1_000);
      long begun = System.nanoTime();
      ended.endHeaders(ended.beginWithoutEnd(method, 2, 1_000));
      assertThat(open.readToEnd()).as("settings").isPositive();
      assertThat(System.nanoTime() - begun).isLessThan(10_000_000_000L);
      var request = PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("it goes on"));
      ended.call(method, request.build().toByteArray());
      assertThat(ended.reads("it goes on")).isTrue();
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws Exception {
    String requests = "GET /hello HTTP/1.1\r\n\r\nGET /nothing HTTP/1.1\r\n\r\n";
    try (Socket socket = send(requests + "HEAD /hello HTTP/1.1\r\nconnection: close\r\n\r\n")) {
      String answers = rest(socket);
      assertThat(answers).containsSubsequence("200 OK", "hello\n", "404 ", "200 OK");
      assertThat(answers).endsWith("\r\n\r\n").containsOnlyOnce("hello\n");
    }
  }

  @Test
  void oversizeBodiesAndMessagesAreRefused() throws Exception {
    try (Socket socket = send("POST /hello HTTP/1.1\r\ncontent-length: 5000000\r\n\r\n")) {
      assertThat(rest(socket)).startsWith("HTTP/1.1 413 ");
    }
    assertThatThrownBy(() -> put("x".repeat(600 * 1024)))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
    assertThat(put("k").getHeader().getRevision()).isEqualTo(7);
  }

  @Test
  void aLargeBodyWithExpectContinueIsRead() throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    var request =
        java.net.http.HttpRequest.newBuilder(uri("/hello"))
            .version(HttpClient.Version.HTTP_1_1)
            .expectContinue(true)
            .POST(BodyPublishers.ofString("y".repeat(300_000)))
            .build();
    assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("hello\n");
  }

  @Test
  void aThousandAbandonedConnectionsLeaveNothingBehind() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    List<String> starts =
        List.of("", "PRI * ", "GET /hel", "GET /hello HTTP/1.1\r\n\r\n", PREFACE + EMPTY_SETTINGS);
    for (int i = 0; i < 1_000; i++) {
      sockets.add(send(starts.get(i % starts.size())));
    }
    assertThat(get("/hello")).startsWith("200");
    for (Socket socket : sockets) {
      socket.setSoLinger(true, 0);
      socket.close();
    }
    until(() -> server.httpConnections() <= 1);
    assertThat(put("k").getHeader().getRevision()).isEqualTo(7);
    assertThat(logged.stream().map(LogRecord::getMessage))
        .as("one line for all that break off, at most")
        .hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void aPortInUseIsOneClearLine() {
    int taken = server.addresses().getFirst().getPort();
    assertThatThrownBy(() -> start(taken))
        .isInstanceOf(FrontFailure.class)
        .hasMessageMatching(
            "cannot listen on .*:"
                + taken
                + " \\(Address already in use\\): end what listens there or choose another"
                + " address");
  }

  @Test
  void stoppingEndsIdleConnections() throws Exception {
    try (Socket socket = send("GET /hello HTTP/1.1\r\n\r\n")) {
      socket.getInputStream().readNBytes(20);
      server.stop(Duration.ofSeconds(1));
      assertThat(rest(socket)).endsWith("hello\n");
    }
  }

  private PutResponse put(String key) {
    return KVGrpc.newBlockingStub(channel)
        .withDeadlineAfter(5, TimeUnit.SECONDS)
        .put(PutRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.addresses().getFirst().getPort() + path);
  }

  private String get(String path) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      var answer =
          client.send(
              java.net.http.HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
      return answer.statusCode() + " " + answer.body();
    }
  }

  private Socket connect() throws IOException {
    InetSocketAddress address = server.addresses().getFirst();
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private Socket send(String bytes) throws IOException {
    Socket socket = connect();
    socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
    return socket;
  }

  /** Everything until the server closes; a reset counts as the end. */
  private static String rest(Socket socket) throws IOException {
    StringBuilder read = new StringBuilder();
    try {
      InputStream in = socket.getInputStream();
      for (int b = in.read(); b >= 0; b = in.read()) {
        read.append((char) b);
      }
    } catch (java.net.SocketException e) {
      assertThat(e).hasMessageContaining("reset");
    }
    return read.toString();
  }
}
