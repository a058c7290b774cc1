package io.balsa.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.budget.AnswerBudget;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that do not read their answers, and one that does. */
class UnreadAnswersTest {
  private static final int MIB = 1 << 20;
  private static final int BIG = 1_400_000;
  private static final long BUDGET = 16 * MIB;
  private static final String RANGE = KVGrpc.getRangeMethod().getFullMethodName();
  private static final String STREAM = KVGrpc.getRangeStreamMethod().getFullMethodName();

  private final AnswerBudget budget = new AnswerBudget(BUDGET, 4 * MIB);
  private final ExecutorService lane = Executors.newFixedThreadPool(2);
  private TestPort port;

  @BeforeEach
  void start() throws FrontFailure {
    BigAnswers service = new BigAnswers(lane);
    JsonGateway gateway = new JsonGateway(List.of(service.bindService()), List.of());
    port = new TestPort(budget, new HttpRoutes().with(JsonGateway.PATH, gateway), service);
    get(10);
  }

  @AfterEach
  void stop() throws Exception {
    port.close();
    lane.shutdownNow();
  }

  private static byte[] range(int bytes) {
    return RangeRequest.newBuilder().setLimit(bytes).build().toByteArray();
  }

  private RangeResponse get(int bytes) {
    return KVGrpc.newBlockingStub(port.channel())
        .withDeadlineAfter(10, TimeUnit.SECONDS)
        .withMaxInboundMessageSize(8 * MIB)
        .range(RangeRequest.newBuilder().setLimit(bytes).build());
  }

  private void await(String what, BooleanSupplier condition) {
    port.await(what, condition);
  }

  private static long directBytes() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  /** Small answers come at once, large ones within the budget's waiting time. */
  private void isServed() {
    for (int i = 0; i < 20; i++) {
      long begun = System.nanoTime();
      assertThat(get(1_000).getKvs(0).getValue().size()).isEqualTo(1_000);
      assertThat(System.nanoTime() - begun).as("a small answer").isLessThan(5_000_000_000L);
    }
    assertThat(get(BIG).getKvs(0).getValue().size()).isEqualTo(BIG);
    assertThat(budget.bytesHeld()).isLessThanOrEqualTo(BUDGET);
  }

  @Test
  void aThousandLargeAnswersOnOneConnectionWithoutAWindow() throws Exception {
    long before = directBytes();
    RawHttp2 hostile = port.rawHttp2(0);
    for (int i = 0; i < 1_000; i++) {
      hostile.call(RANGE, range(BIG));
    }
    await("some wait", () -> budget.waiting() > 0);
    isServed();
    assertThat(directBytes() - before).isLessThan(BUDGET + 16 * MIB);
    await("it is closed", () -> budget.closedConnections() == 1);
    await("all is given back", () -> budget.bytesHeld() == 0 && budget.waiting() == 0);
    assertThat(budget.calls()).isZero();
    hostile.readToEnd();
    isServed();
  }

  @Test
  void largeAnswersOnFiftyConnectionsWhoseSocketsNobodyReads() throws Exception {
    long before = directBytes();
    for (int i = 0; i < 50; i++) {
      RawHttp2 hostile = port.rawHttp2(Integer.MAX_VALUE);
      hostile.grant(Integer.MAX_VALUE - 65_535);
      for (int j = 0; j < 40; j++) {
        hostile.call(RANGE, range(BIG));
      }
    }
    await("some wait", () -> budget.waiting() > 0);
    isServed();
    assertThat(directBytes() - before).isLessThan(BUDGET + 48 * MIB);
    await("nobody waits", () -> budget.waiting() == 0);
    isServed();
  }

  @Test
  void aClientOfGrpcThatAsksForNoMessage() throws Exception {
    ManagedChannel channel = NettyChannelBuilder.forAddress(port.address()).usePlaintext().build();
    var _ = port.closing((AutoCloseable) channel::shutdownNow);
    List<ClientCall<RangeRequest, RangeResponse>> calls = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      var call = channel.newCall(KVGrpc.getRangeMethod(), CallOptions.DEFAULT);
      call.start(new ClientCall.Listener<>() {}, new Metadata());
      call.sendMessage(RangeRequest.newBuilder().setLimit(BIG).build());
      call.halfClose();
      calls.add(call);
    }
    await("some wait", () -> budget.waiting() > 0);
    isServed();
    calls.forEach(call -> call.cancel("enough", null));
    await("all is given back", () -> budget.bytesHeld() == 0 && budget.calls() == 0);
  }

  @Test
  void smallAnswersThatNobodyReadsAreCountedToo() throws Exception {
    RawHttp2 hostile = port.rawHttp2(0);
    for (int i = 0; i < 10_000; i++) {
      hostile.call(RANGE, range(10));
    }
    await("it has what it may have", () -> budget.bytesHeld() > BUDGET / 8 - 8_192);
    isServed();
    assertThat(budget.bytesHeld()).isLessThan(BUDGET / 4);
    await("it is closed", () -> budget.closedConnections() == 1);
    await("all is given back", () -> budget.bytesHeld() == 0);
  }

  @Test
  void aThousandStreamsThatNobodyReads() throws Exception {
    RawHttp2 hostile = port.rawHttp2(0);
    for (int i = 0; i < 1_000; i++) {
      hostile.call(STREAM, range(100));
    }
    await("they have begun", () -> budget.calls() >= 1_000);
    isServed();
    hostile.close();
    await("all is given back", () -> budget.bytesHeld() == 0 && budget.calls() == 0);
  }

  @Test
  void aStreamThatIsReadHoldsNextToNothing() throws Exception {
    RawHttp2 reader = port.rawHttp2(Integer.MAX_VALUE);
    reader.grant(Integer.MAX_VALUE - 65_535);
    reader.call(STREAM, range(100_000));
    Thread reads =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    reader.readToEnd();
                  } catch (IOException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    long end = System.nanoTime() + 2_000_000_000L;
    while (System.nanoTime() < end) {
      assertThat(budget.bytesHeld()).isLessThan(MIB);
    }
    reader.close();
    reads.join();
  }

  @Test
  void jsonThatNobodyReads() throws Exception {
    for (int i = 0; i < 40; i++) {
      Socket socket = port.socket(16 << 10);
      String body = "{\"limit\":" + BIG + "}";
      String request =
          "POST /v3/kv/range HTTP/1.1\r\nhost: x\r\ncontent-length: " + body.length() + "\r\n\r\n";
      for (int j = 0; j < 3; j++) {
        socket
            .getOutputStream()
            .write((request + body).getBytes(java.nio.charset.StandardCharsets.UTF_8));
      }
    }
    await("some wait", () -> budget.waiting() > 0);
    isServed();
    await("nobody waits", () -> budget.waiting() == 0);
    isServed();
  }

  @Test
  void whoAnswersALittleLateIsNotClosed() throws Exception {
    RawHttp2 slow = port.rawHttp2(Integer.MAX_VALUE);
    slow.grant(Integer.MAX_VALUE - 65_535);
    for (int i = 0; i < 20; i++) {
      slow.call(RANGE, range(BIG));
    }
    await("it holds something", () -> budget.bytesHeld() > 0);
    assertThat(budget.closedConnections()).isZero();
  }
}
