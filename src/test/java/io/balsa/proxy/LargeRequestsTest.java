package io.balsa.proxy;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.balsa.bytes.Bytes;
import io.balsa.bytes.ProtocolLimits;
import io.balsa.client.Endpoints;
import io.balsa.client.ScriptedCluster;
import io.balsa.client.ScriptedServer.Behaviour;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.routing.ReadPolicy;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Large requests wait for their turn, and small ones do not wait for them. */
@Timeout(60)
class LargeRequestsTest {
  private ScriptedCluster cluster;
  private Endpoints endpoints;
  private Router router;

  @BeforeEach
  void open() throws Exception {
    cluster = ScriptedCluster.of(1, 2, 3);
    endpoints = new Endpoints(cluster.addresses(), 1, 4 << 20);
    router =
        new Router(ReadPolicy.KEY, endpoints, new ProxyMetrics(), new UnaryRequestBudget(8 << 20));
    router.begin();
    until(() -> router.serves() && router.cluster().nearest().size() == 3);
  }

  @AfterEach
  void close() {
    router.stop();
    endpoints.close();
    cluster.close();
  }

  private record Put(ProxiedCall call, CompletableFuture<Status> ended) {}

  private Put put(int bytes) {
    AnsweredCall client = new AnsweredCall(KVGrpc.getPutMethod());
    ProxiedCall call = new ProxiedCall(router, client, new Metadata(), UnaryOperator.identity());
    PutRequest request =
        PutRequest.newBuilder()
            .setKey(ProxiedCluster.key(0))
            .setValue(ByteString.copyFrom(new byte[bytes]))
            .build();
    call.onMessage(Bytes.wrap(request.toByteArray()));
    call.onHalfClose();
    return new Put(call, client.ended());
  }

  private long arrived() {
    return cluster.server(1).arrivals().stream().filter(each -> each.startsWith("put")).count();
  }

  @Test
  void twoAreUnderWayAndTheNextOneFollowsAnEnd() {
    LargeRequests turns = new LargeRequests();
    List<Integer> sent = new ArrayList<>();
    List<LargeRequests.Large> all =
        IntStream.range(0, 5).<LargeRequests.Large>mapToObj(i -> () -> sent.add(i)).toList();
    all.forEach(turns::add);
    assertThat(sent).containsExactly(0, 1);
    assertThat(turns.remove(all.get(2))).isTrue();
    assertThat(turns.remove(all.get(0))).as("it was sent").isFalse();
    turns.ended();
    assertThat(sent).containsExactly(0, 1, 3);
    turns.ended();
    turns.ended();
    assertThat(sent).containsExactly(0, 1, 3, 4);
  }

  /** When a server is gone, each request fails inside the call that sends it. */
  @Test
  void requestsThatEndAtOnceDoNotNest() {
    LargeRequests turns = new LargeRequests();
    AtomicInteger sent = new AtomicInteger();
    LargeRequests.Large first = sent::incrementAndGet;
    turns.add(first);
    turns.add(first);
    LargeRequests.Large failing =
        () -> {
          sent.incrementAndGet();
          turns.ended();
        };
    IntStream.range(0, 100_000).forEach(_ -> turns.add(failing));
    assertThat(sent).hasValue(2);
    turns.ended();
    assertThat(sent).hasValue(100_002);
  }

  @Test
  void oneThatCannotBeSentStopsNoOther() {
    LargeRequests turns = new LargeRequests();
    AtomicInteger sent = new AtomicInteger();
    assertThatThrownBy(
            () ->
                turns.add(
                    () -> {
                      turns.ended();
                      throw new IllegalStateException("no stream");
                    }))
        .hasMessage("no stream");
    turns.add(sent::incrementAndGet);
    turns.add(sent::incrementAndGet);
    turns.add(sent::incrementAndGet);
    assertThat(sent).hasValue(2);
  }

  /** Some calls are answered after hours, such as Campaign; these do not hold up others. */
  @Test
  void aTurnEndsWithoutAnAnswer() throws Exception {
    cluster.server(1).behave(Behaviour.HANGS);
    List<Put> large =
        IntStream.range(0, 4).mapToObj(_ -> put(ProtocolLimits.LARGE_REQUEST_BYTES)).toList();
    Put small = put(1);
    until(() -> arrived() == 3);
    long held = router.requests().held();
    large.get(2).call().onCancel();
    assertThat(router.requests().held())
        .as("one that waits is given up at once")
        .isLessThan(held - ProtocolLimits.LARGE_REQUEST_BYTES);
    until(() -> arrived() == 4);
    assertThat(small.ended()).isNotDone();
    assertThat(large.get(3).ended()).isNotDone();
  }

  @Test
  void allAreAnswered() throws Exception {
    List<Put> large =
        IntStream.range(0, 20).mapToObj(_ -> put(ProtocolLimits.LARGE_REQUEST_BYTES)).toList();
    for (Put each : large) {
      assertThat(each.ended().get(20, TimeUnit.SECONDS).isOk()).isTrue();
    }
    until(() -> router.requests().held() == 0);
  }
}
