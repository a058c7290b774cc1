package io.balsa.api;

import static io.balsa.host.Until.until;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.balsa.budget.AnswerBudget;
import io.balsa.front.RawHttp2;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.LeaseGrantRequest;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveRequest;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.balsa.proto.etcdserverpb.SnapshotRequest;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real server with clients that do not read, and one that does. */
class UnreadAtOneServerTest {
  private static final int MIB = 1 << 20;
  private static final int BIG = 1_400_000;
  private static final long BUDGET = 16 * MIB;

  private final AnswerBudget budget = new AnswerBudget(BUDGET, 4 * MIB);
  private final List<AutoCloseable> open = new ArrayList<>();
  private OneServer one;
  private ManagedChannel polite;

  @BeforeEach
  void start() {
    one = OneServer.start(budget);
    polite = NettyChannelBuilder.forAddress("127.0.0.1", one.port()).usePlaintext().build();
    put("big", BIG);
    put("small", 100);
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
    polite.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    one.close();
  }

  private KVGrpc.KVBlockingStub kv() {
    return KVGrpc.newBlockingStub(polite)
        .withDeadlineAfter(20, TimeUnit.SECONDS)
        .withMaxInboundMessageSize(16 * MIB);
  }

  private void put(String key, int bytes) {
    var _ =
        kv().put(
                PutRequest.newBuilder()
                    .setKey(ByteString.copyFromUtf8(key))
                    .setValue(ByteString.copyFrom(new byte[bytes]))
                    .build());
  }

  private static RangeRequest range(String key) {
    return RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build();
  }

  private RawHttp2 raw(int window) throws IOException {
    InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), one.port());
    RawHttp2 client = new RawHttp2(server, window);
    open.add(client);
    return client;
  }

  private static String name(MethodDescriptor<?, ?> method) {
    return method.getFullMethodName();
  }

  private void await(String what, BooleanSupplier condition) {
    until(
        () -> "%s: %d B held, %d wait".formatted(what, budget.bytesHeld(), budget.waiting()),
        condition);
  }

  private static long directBytes() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  /**
   * False while clients that do not read hold all room; their connections are closed one after the
   * other.
   */
  private boolean readsTheLargeOne() {
    try {
      RangeResponse big = kv().range(range("big"));
      assertThat(big.getKvs(0).getValue().size()).isEqualTo(BIG);
      return true;
    } catch (StatusRuntimeException refused) {
      assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      return false;
    }
  }

  private void isServed() {
    for (int i = 0; i < 10; i++) {
      long begun = System.nanoTime();
      put("mine", 100);
      assertThat(kv().range(range("small")).getCount()).isEqualTo(1);
      assertThat(System.nanoTime() - begun).as("a put and a get").isLessThan(5_000_000_000L);
    }
    await("a large answer finds room", this::readsTheLargeOne);
    assertThat(budget.bytesHeld()).isLessThanOrEqualTo(BUDGET);
  }

  @Test
  void aThousandGetsOfALargeKeyWithoutAWindow() throws Exception {
    long before = directBytes();
    RawHttp2 hostile = raw(0);
    for (int i = 0; i < 1_000; i++) {
      hostile.call(name(KVGrpc.getRangeMethod()), range("big").toByteArray());
    }
    await("some wait", () -> budget.waiting() > 0);
    isServed();
    assertThat(directBytes() - before).isLessThan(BUDGET + 16 * MIB);
    await("it is closed", () -> budget.closedConnections() == 1);
    await("all is given back", () -> budget.bytesHeld() == 0 && budget.calls() == 0);
  }

  @Test
  void getsOnFiftyConnectionsWhoseSocketsNobodyReads() throws Exception {
    long before = directBytes();
    for (int i = 0; i < 50; i++) {
      RawHttp2 hostile = raw(Integer.MAX_VALUE);
      hostile.grant(Integer.MAX_VALUE - 65_535);
      for (int j = 0; j < 20; j++) {
        hostile.call(name(KVGrpc.getRangeMethod()), range("big").toByteArray());
      }
    }
    isServed();
    assertThat(directBytes() - before).isLessThan(BUDGET + 64 * MIB);
    await("nobody waits", () -> budget.waiting() == 0);
    isServed();
  }

  @Test
  void jsonThatNobodyReads() throws Exception {
    String body = "{\"key\":\"Ymln\"}";
    String request =
        "POST /v3/kv/range HTTP/1.1\r\nhost: x\r\ncontent-length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    for (int i = 0; i < 30; i++) {
      Socket socket = new Socket();
      socket.setReceiveBufferSize(16 << 10);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), one.port()));
      open.add(socket);
      socket.getOutputStream().write(request.repeat(10).getBytes(US_ASCII));
    }
    isServed();
    await("nobody waits", () -> budget.waiting() == 0);
    isServed();
  }

  @Test
  void streamsThatNobodyReadsHoldAPartEach() throws Exception {
    for (int i = 0; i < 30; i++) {
      put("row" + i, 100_000);
    }
    RawHttp2 hostile = raw(0);
    RangeRequest all = range("row").toBuilder().setRangeEnd(ByteString.copyFromUtf8("rox")).build();
    for (int i = 0; i < 20; i++) {
      hostile.call(name(KVGrpc.getRangeStreamMethod()), all.toByteArray());
      hostile.call(
          name(MaintenanceGrpc.getSnapshotMethod()),
          SnapshotRequest.getDefaultInstance().toByteArray());
    }
    isServed();
    assertThat(budget.bytesHeld()).isLessThan(BUDGET / 2);
    hostile.close();
    await("all is given back", () -> budget.bytesHeld() == 0 && budget.calls() == 0);
  }

  /** 100,000 answers of 40 B would be 4 MiB of messages and far more bytes of buffers. */
  @Test
  void keepAlivesWhoseAnswersNobodyReadsAreNotAskedFor() throws Exception {
    long lease =
        LeaseGrpc.newBlockingStub(polite)
            .leaseGrant(LeaseGrantRequest.newBuilder().setTTL(100).build())
            .getID();
    byte[] message = LeaseKeepAliveRequest.newBuilder().setID(lease).build().toByteArray();
    byte[] framed = new byte[message.length + 5];
    framed[4] = (byte) message.length;
    System.arraycopy(message, 0, framed, 5, message.length);
    RawHttp2 hostile = raw(0);
    int stream = hostile.begin(name(LeaseGrpc.getLeaseKeepAliveMethod()));
    for (int i = 0; i < 3_000; i++) {
      hostile.data(stream, framed);
    }
    isServed();
    assertThat(budget.bytesHeld()).as("sixteen buffers").isBetween(1L, 16 * 4_096L);
    assertThat(budget.closedConnections()).as("it is in nobody's way").isZero();
    hostile.close();
    await("all is given back", () -> budget.bytesHeld() == 0 && budget.calls() == 0);
  }

  @Test
  void aRangeLargerThanAnAnswerMayBeIsRefusedWithAHint() {
    for (int i = 0; i < 4; i++) {
      put("large" + i, BIG);
    }
    RangeRequest all =
        range("large").toBuilder().setRangeEnd(ByteString.copyFromUtf8("largf")).build();
    Assertions.assertThatThrownBy(() -> kv().range(all))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
              assertThat(e.getStatus().getDescription()).contains("--max-response-bytes");
            });
    assertThat(budget.refusedAsTooLarge()).isEqualTo(1);
    assertThat(kv().range(all.toBuilder().setKeysOnly(true).build()).getCount()).isEqualTo(4);
  }
}
