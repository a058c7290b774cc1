package io.balsa.proxy;

import static io.balsa.host.Until.until;
import static io.balsa.proxy.DirectCluster.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.WatchCancelRequest;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.balsa.proto.etcdserverpb.WatchRequest;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The streams of one client do not affect another client of the proxy. */
@Timeout(120)
class ManyStreamsTest {
  private RealServers servers;
  private Proxy proxy;
  private ManagedChannel polite;
  private ManagedChannel other;

  @BeforeEach
  void open() throws Exception {
    servers = new RealServers();
    proxy = Proxy.start(ProxyConfig.of(servers.addresses(), ProxiedCluster.ANY_PORT));
    polite = channel();
    other = channel();
    until(() -> proxy.serves() && proxy.cluster().nearest().size() == 3);
  }

  private ManagedChannel channel() {
    HostPort address = ProxiedCluster.addressOf(proxy);
    return NettyChannelBuilder.forAddress(address.host(), address.port()).usePlaintext().build();
  }

  @AfterEach
  void close() throws Exception {
    polite.shutdownNow();
    other.shutdownNow();
    proxy.stop();
    servers.close();
  }

  private long put(String key, ByteString value) {
    return KVGrpc.newBlockingStub(polite)
        .withDeadlineAfter(20, TimeUnit.SECONDS)
        .put(PutRequest.newBuilder().setKey(text(key)).setValue(value).build())
        .getHeader()
        .getRevision();
  }

  private static WatchRequest create(String key, long from) {
    return WatchRequest.newBuilder()
        .setCreateRequest(WatchCreateRequest.newBuilder().setKey(text(key)).setStartRevision(from))
        .build();
  }

  private TestWatcher politeWatch(long from) throws Exception {
    TestWatcher watcher = new TestWatcher();
    WatchGrpc.newStub(polite).watch(watcher).onNext(create("k", from));
    until(() -> watcher.created() == 1);
    return watcher;
  }

  @Test
  void fortyTwoThousandStreamsOpenedAndResetDisturbNobody() throws Exception {
    long begun = put("k", ByteString.EMPTY);
    TestWatcher watcher = politeWatch(begun + 1);
    List<Long> written = new ArrayList<>();
    Duration longest = Duration.ZERO;
    for (int i = 0; i < 42_000; i++) {
      ClientCall<WatchRequest, WatchResponse> call =
          other.newCall(WatchGrpc.getWatchMethod(), CallOptions.DEFAULT);
      call.start(new ClientCall.Listener<>() {}, new Metadata());
      call.request(1);
      call.sendMessage(create("k", 1));
      call.cancel("enough", null);
      if (i % 1_000 == 0) {
        long before = System.nanoTime();
        written.add(put("k", ByteString.EMPTY));
        Duration took = Duration.ofNanos(System.nanoTime() - before);
        longest = took.compareTo(longest) > 0 ? took : longest;
      }
    }
    until(() -> watcher.revisions().size() == written.size());
    assertThat(watcher.revisions()).isEqualTo(written);
    assertThat(watcher.ended().isOk()).isTrue();
    assertThat(longest).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void thousandsOfWatchesOfOneStreamComeAndGo() throws Exception {
    long begun = put("k", ByteString.EMPTY);
    TestWatcher watcher = politeWatch(begun + 1);
    TestWatcher many = new TestWatcher();
    StreamObserver<WatchRequest> stream = WatchGrpc.newStub(other).watch(many);
    for (long id = 1; id <= 10_000; id++) {
      stream.onNext(
          WatchRequest.newBuilder()
              .setCreateRequest(
                  WatchCreateRequest.newBuilder()
                      .setKey(text("k"))
                      .setStartRevision(begun + 1)
                      .setWatchId(id))
              .build());
      stream.onNext(
          WatchRequest.newBuilder()
              .setCancelRequest(WatchCancelRequest.newBuilder().setWatchId(id))
              .build());
    }
    until(() -> many.created() == 10_000 && many.canceledIds().size() == 10_000);
    long written = put("k", ByteString.EMPTY);
    until(() -> watcher.revisions().contains(written));
    assertThat(many.revisions()).isEmpty();
  }

  @Test
  void unreadStreamsHoldBackNobodyAndMissNothing() throws Exception {
    long begun = put("k", ByteString.EMPTY);
    List<ClientCall<WatchRequest, WatchResponse>> unread = new ArrayList<>();
    List<TestWatcher> late = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      TestWatcher watcher = new TestWatcher();
      late.add(watcher);
      ClientCall<WatchRequest, WatchResponse> call =
          other.newCall(WatchGrpc.getWatchMethod(), CallOptions.DEFAULT);
      call.start(
          new ClientCall.Listener<>() {
            @Override
            public void onMessage(WatchResponse response) {
              watcher.onNext(response);
            }
          },
          new Metadata());
      call.sendMessage(create("k", begun + 1));
      unread.add(call);
    }
    TestWatcher watcher = politeWatch(begun + 1);
    List<Long> written = new ArrayList<>();
    for (int i = 0; i < 100; i++) { // ten megabytes for each
      written.add(put("k", ByteString.copyFrom(new byte[100_000])));
    }
    until(() -> watcher.revisions().size() == written.size());
    assertThat(watcher.revisions()).isEqualTo(written);
    unread.forEach(call -> call.request(1_000));
    for (TestWatcher each : late) {
      until(() -> each.revisions().size() == written.size());
      assertThat(each.revisions()).isEqualTo(written);
    }
  }
}
