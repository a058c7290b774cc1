package io.balsa.proxy;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.HostPort;
import io.balsa.client.ScriptedCluster;
import io.balsa.client.ScriptedServer;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.SnapshotRequest;
import io.balsa.proto.etcdserverpb.SnapshotResponse;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.balsa.proto.etcdserverpb.WatchRequest;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProxyStreamTest {
  private ScriptedCluster cluster;
  private Proxy proxy;
  private ManagedChannel channel;

  @BeforeEach
  void open() throws Exception {
    cluster = ScriptedCluster.of(1, 2, 3);
    HostPort anyPort = new HostPort("127.0.0.1", 0);
    proxy = Proxy.start(ProxyConfig.of(cluster.addresses(), anyPort));
    channel = NettyChannelBuilder.forAddress(proxy.addresses().getFirst()).usePlaintext().build();
  }

  @AfterEach
  void close() {
    channel.shutdownNow();
    proxy.stop();
    cluster.close();
  }

  private static final WatchRequest CREATE =
      WatchRequest.newBuilder().setCreateRequest(WatchCreateRequest.getDefaultInstance()).build();

  @Test
  void aWatchGoesToTheLeaderAndBack() throws Exception {
    Answers<WatchResponse> answers = new Answers<>();
    ClientCall<WatchRequest, WatchResponse> watch =
        channel.newCall(WatchGrpc.getWatchMethod(), CallOptions.DEFAULT);
    watch.start(answers, new Metadata());
    watch.request(3);
    for (int i = 0; i < 3; i++) {
      watch.sendMessage(CREATE);
      assertThat(answers.next().getWatchId()).isEqualTo(i);
    }

    assertThat(cluster.server(1).arrivals()).containsExactly("watch", "watch", "watch");
    watch.cancel("enough", null);
  }

  @Test
  void aClientThatGoesEndsItsStreamAtTheServer() throws Exception {
    Answers<WatchResponse> answers = new Answers<>();
    ClientCall<WatchRequest, WatchResponse> watch =
        channel.newCall(WatchGrpc.getWatchMethod(), CallOptions.DEFAULT);
    watch.start(answers, new Metadata());
    watch.request(1);
    watch.sendMessage(CREATE);
    answers.next();
    watch.cancel("enough", null);

    until(() -> elsewhere("cancel") + arrivals(1, "cancel") == 1);
    assertThat(elsewhere("watch cancelled") + arrivals(1, "watch cancelled")).isZero();
  }

  @Test
  void aWatchWhoseServerDiesGoesOnAtAnother() throws Exception {
    Answers<WatchResponse> answers = new Answers<>();
    ClientCall<WatchRequest, WatchResponse> watch =
        channel.newCall(WatchGrpc.getWatchMethod(), CallOptions.DEFAULT);
    watch.start(answers, new Metadata());
    watch.request(1);
    watch.sendMessage(CREATE);
    answers.next();
    cluster.server(1).kill();

    until(() -> elsewhere("watch") == 1);
    assertThat(answers.end).isNotDone();
    assertThat(answers.messages).isEmpty();
  }

  private long elsewhere(String arrival) {
    return arrivals(2, arrival) + arrivals(3, arrival);
  }

  private long arrivals(long server, String arrival) {
    return cluster.server(server).arrivals().stream().filter(arrival::equals).count();
  }

  @Test
  void aWatchThatEndsServersReachesTwoOfThem() throws Exception {
    until(() -> proxy.cluster().nearest().size() == 3);
    cluster.servers().forEach(each -> each.behave(ScriptedServer.Behaviour.DIES));
    Answers<WatchResponse> answers = new Answers<>();
    ClientCall<WatchRequest, WatchResponse> watch =
        channel.newCall(WatchGrpc.getWatchMethod(), CallOptions.DEFAULT);
    watch.start(answers, new Metadata());
    watch.request(1);
    watch.sendMessage(
        WatchRequest.newBuilder()
            .setCreateRequest(WatchCreateRequest.newBuilder().setStartRevision(1))
            .build());

    assertThat(answers.end.get(20, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(cluster.server(1).arrivals().size() + elsewhere("watch")).isEqualTo(2);
  }

  @Test
  void aSlowClientHoldsBackTheServer() throws Exception {
    Answers<SnapshotResponse> answers = new Answers<>();
    ClientCall<SnapshotRequest, SnapshotResponse> snapshot =
        channel.newCall(MaintenanceGrpc.getSnapshotMethod(), CallOptions.DEFAULT);
    snapshot.start(answers, new Metadata());
    snapshot.request(1);
    snapshot.sendMessage(SnapshotRequest.getDefaultInstance());
    snapshot.halfClose();
    answers.next();
    // any server that the proxy knows by then
    List<String> arrivals =
        cluster.servers().stream()
            .map(ScriptedServer::arrivals)
            .max(Comparator.comparingInt(List::size))
            .orElseThrow();
    int sent = settled(arrivals);
    assertThat(sent).isLessThan(300);

    snapshot.request(2_000);
    assertThat(answers.end.get(30, TimeUnit.SECONDS).isOk()).isTrue();
    assertThat(answers.messages).hasSize(999);
    assertThat(arrivals).hasSize(1_000);
  }

  /** The number of sent blobs, when it has not changed for a quarter of a second. */
  private static int settled(List<String> arrivals) {
    int size = -1;
    while (size != arrivals.size()) {
      size = arrivals.size();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(250));
    }
    return size;
  }

  private static final class Answers<A> extends ClientCall.Listener<A> {
    private final BlockingQueue<A> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<Status> end = new CompletableFuture<>();

    @Override
    public void onMessage(A message) {
      messages.add(message);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      end.complete(status);
    }

    A next() throws InterruptedException {
      A next = messages.poll(10, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("waited 10 s for an answer; ended: " + end);
      }
      return next;
    }
  }
}
