package io.balsa.front;

import static io.balsa.host.Until.until;
import static io.balsa.host.Until.untilStill;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.balsa.budget.AnswerBudget;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that flood a connection with frames, or send the beginning of a request and no more. */
@Timeout(60)
class FloodTest {
  private static final int DATA = 0;
  private static final int PRIORITY = 2;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int UNKNOWN = 42;
  private static final int RST_STREAM = 3;
  private static final String RENEW = LeaseGrpc.getLeaseKeepAliveMethod().getFullMethodName();
  private static final String PUT = KVGrpc.getPutMethod().getFullMethodName();

  private final ClientFaults faults = new ClientFaults();
  private final AnswerBudget budget = new AnswerBudget(16 << 20, 1 << 20);
  private FrontServer server;
  private ManagedChannel polite;

  @BeforeEach
  void start() throws FrontFailure {
    server =
        FrontServer.start(
            List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            List.of(new TinyKv().bindService(), new TinyLease().bindService()),
            List.of(),
            new HttpRoutes(),
            new FrontLimits(64 << 10, 500, 500, 10_000, 100),
            budget,
            faults);
    polite = NettyChannelBuilder.forAddress(address()).usePlaintext().build();
  }

  @AfterEach
  void stop() throws InterruptedException {
    polite.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    server.stop(Duration.ZERO);
  }

  private InetSocketAddress address() {
    return server.addresses().getFirst();
  }

  private interface Attack {
    void on(RawHttp2 client) throws IOException;
  }

  /** Attacks until the server closes, and reads meanwhile. */
  private void isEnded(Attack attack) throws Exception {
    long before = faults.count(ClientFaults.Kind.FLOOD);
    try (RawHttp2 client = new RawHttp2(address(), 65_535)) {
      CompletableFuture<Void> flood =
          CompletableFuture.runAsync(
              () -> {
                try {
                  attack.on(client);
                } catch (IOException closed) {
                  // what the test waits for
                }
              });
      client.readToEnd();
      flood.get(20, TimeUnit.SECONDS);
    }
    until(() -> faults.count(ClientFaults.Kind.FLOOD) == before + 1);
    politeClientIsServed();
  }

  private void politeClientIsServed() {
    ByteString key = ByteString.copyFromUtf8("k");
    var answer =
        KVGrpc.newBlockingStub(polite)
            .withDeadlineAfter(20, TimeUnit.SECONDS)
            .put(PutRequest.newBuilder().setKey(key).build());
    assertThat(answer.getPrevKv().getKey()).isEqualTo(key);
  }

  @Test
  void pingsWithoutPauseEndTheConnection() throws Exception {
    isEnded(client -> client.frames(30_000, PING, 0, 0, new byte[8]));
  }

  @Test
  void settingsWithoutPauseEndTheConnection() throws Exception {
    isEnded(client -> client.frames(30_000, SETTINGS, 0, 0, new byte[0]));
  }

  @Test
  void framesThatDoNothingEndTheConnection() throws Exception {
    isEnded(client -> client.frames(30_000, UNKNOWN, 0, 0, new byte[0]));
    isEnded(client -> client.frames(30_000, PRIORITY, 0, 1, new byte[5]));
    isEnded(client -> client.frames(30_000, DATA, 0, client.begin(PUT), new byte[0]));
  }

  /** CVE-2023-44487. */
  @Test
  void resetsWithoutPauseSlowTheConnectionDown() throws Exception {
    AtomicInteger sent = new AtomicInteger();
    CompletableFuture<Void> flood;
    try (RawHttp2 client = new RawHttp2(address(), 65_535)) {
      flood =
          CompletableFuture.runAsync(
              () -> {
                try {
                  for (int i = 0; i < 1_000_000; i++) {
                    client.frames(1, RST_STREAM, 0, client.begin(PUT), new byte[] {0, 0, 0, 8});
                    sent.incrementAndGet();
                  }
                } catch (IOException closed) {
                  // at the end of the test
                }
              });
      until(() -> faults.count(ClientFaults.Kind.FLOOD) == 1);
      untilStill(sent::get); // the socket's buffers are full, and nobody empties them
      politeClientIsServed();
    }
    flood.get(20, TimeUnit.SECONDS);
    assertThat(sent).as("far fewer than it wanted").hasValueLessThan(500_000);
  }

  /** A proxy carries the calls of many clients, of whom some leave. */
  @Test
  void aBusyConnectionMayResetSomeOfItsCalls() throws Exception {
    try (RawHttp2 client = new RawHttp2(address(), 65_535)) {
      for (int i = 0; i < 1_000; i++) {
        int stream = client.begin(PUT);
        client.frames(
            1,
            i % 3 == 0 ? RST_STREAM : DATA,
            i % 3 == 0 ? 0 : 1,
            stream,
            i % 3 == 0 ? new byte[] {0, 0, 0, 8} : new byte[5]);
      }
      politeClientIsServed();
    }
    assertThat(faults.count(ClientFaults.Kind.FLOOD)).isZero();
  }

  /** A client that does not send its preface, its HTTP/1.1 headers, or its headers of a call. */
  @Test
  void beginningsWithoutEndAreClosedInTime() throws Exception {
    for (String beginning : List.of("", "PRI * ", "GET /x HTTP/1.1\r\nHost: ")) {
      long before = faults.count(ClientFaults.Kind.SLOW_REQUEST);
      try (Socket socket = new Socket()) {
        socket.connect(address());
        socket.setSoTimeout(20_000);
        socket
            .getOutputStream()
            .write(beginning.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(socket.getInputStream().read()).as(beginning).isEqualTo(-1);
      }
      until(() -> faults.count(ClientFaults.Kind.SLOW_REQUEST) == before + 1);
    }
    try (RawHttp2 client = new RawHttp2(address(), 65_535)) {
      client.beginWithoutEnd(PUT, 1, 10);
      client.readToEnd();
    }
    until(() -> faults.count(ClientFaults.Kind.SLOW_REQUEST) == 4);
  }

  /** Its connection is never idle, so without a limit it could stay for ever. */
  @Test
  void aCallWhoseMessageDoesNotEndIsEndedInTime() throws Exception {
    try (RawHttp2 client = new RawHttp2(address(), 65_535)) {
      client.data(client.begin(PUT), new byte[] {0, 0, 0, 1, 0, 1});
      assertThat(client.reads("did not arrive completely in time")).isTrue();
    }
    assertThat(faults.count(ClientFaults.Kind.SLOW_REQUEST)).isEqualTo(1);
    until(() -> budget.calls() == 0);
    politeClientIsServed();
  }

  /** A stream has no end of its own, but each of its messages has one. */
  @Test
  void aStreamWhoseMessageDoesNotEndIsEndedInTime() throws Exception {
    byte[] whole = {0, 0, 0, 0, 2, 8, 1};
    try (RawHttp2 client = new RawHttp2(address(), 65_535)) {
      int quiet = client.begin(RENEW);
      client.data(quiet, whole);
      int slow = client.begin(RENEW);
      client.data(slow, whole);
      client.data(slow, Arrays.copyOf(whole, 6));
      assertThat(client.reads("did not arrive completely in time")).isTrue();
      until(() -> budget.calls() == 1);
      client.data(quiet, whole);
      assertThat(client.reads("\0\0\0\0\2\20\1")).as("the other stream goes on").isTrue();
    }
    assertThat(faults.count(ClientFaults.Kind.SLOW_REQUEST)).isEqualTo(1);
    politeClientIsServed();
  }
}
