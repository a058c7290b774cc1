package io.balsa.proxy;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.house.SharesCores;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.LeaseGrantRequest;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveRequest;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveResponse;
import io.balsa.proto.etcdserverpb.LeaseTimeToLiveRequest;
import io.balsa.proto.etcdserverpb.LeaseTimeToLiveResponse;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.balsa.proto.etcdserverpb.WatchProgressRequest;
import io.balsa.proto.etcdserverpb.WatchRequest;
import io.balsa.proto.v3lockpb.LockGrpc;
import io.balsa.proto.v3lockpb.LockRequest;
import io.balsa.proto.v3lockpb.UnlockRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Leases, locks and watches of clients, at a server and at the proxy, when the leader ends. */
@SharesCores
@Timeout(90)
class LeaderEndsTest {
  private final Map<Long, ManagedChannel> channels = new TreeMap<>();
  private RealServers servers;

  @BeforeEach
  void open() throws Exception {
    servers = new RealServers();
    for (long id = 1; id <= 3; id++) {
      channels.put(id, channel(servers.addresses().get((int) id - 1)));
    }
    until(() -> servers.leader() != 0);
  }

  @AfterEach
  void close() throws Exception {
    channels.values().forEach(ManagedChannel::shutdownNow);
    servers.close();
  }

  private static ManagedChannel channel(HostPort address) {
    return NettyChannelBuilder.forAddress(address.host(), address.port()).usePlaintext().build();
  }

  private static ByteString text(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private long newLeader() throws Exception {
    long old = servers.leader();
    servers.stop(old);
    return servers.untilOneLeads();
  }

  private ManagedChannel follower() {
    long leader = servers.leader();
    return channel(leader == 1 ? 2L : 1L);
  }

  private ManagedChannel channel(long server) {
    return Objects.requireNonNull(channels.get(server), "every server has a channel");
  }

  private static LeaseTimeToLiveResponse time(ManagedChannel channel, long id) {
    return LeaseGrpc.newBlockingStub(channel)
        .withWaitForReady()
        .withDeadlineAfter(20, TimeUnit.SECONDS)
        .leaseTimeToLive(LeaseTimeToLiveRequest.newBuilder().setID(id).setKeys(true).build());
  }

  private static void grant(ManagedChannel channel, long id, long seconds) {
    var _ =
        LeaseGrpc.newBlockingStub(channel)
            .leaseGrant(LeaseGrantRequest.newBuilder().setID(id).setTTL(seconds).build());
  }

  private static long put(ManagedChannel channel, String key, long lease) {
    return KVGrpc.newBlockingStub(channel)
        .withWaitForReady()
        .withDeadlineAfter(20, TimeUnit.SECONDS)
        .put(PutRequest.newBuilder().setKey(text(key)).setLease(lease).build())
        .getHeader()
        .getRevision();
  }

  @Test
  void aLeaseOutlivesItsLeaderAndEndsUnderTheNext() throws Exception {
    grant(follower(), 7, 4);
    var _ = put(follower(), "leased", 7);
    long granted = System.nanoTime();
    ManagedChannel next = channel(newLeader());
    assertThat(time(next, 7).getTTL()).isBetween(1L, 4L);
    assertThat(time(next, 7).getKeysList()).containsExactly(text("leased"));
    until(() -> time(next, 7).getTTL() == -1);
    assertThat(System.nanoTime() - granted).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(3_900));
    RangeRequest range = RangeRequest.newBuilder().setKey(text("leased")).build();
    assertThat(KVGrpc.newBlockingStub(next).range(range).getCount()).isZero();
  }

  @Test
  void aFollowerRenewsAndTellsByItsLeader() throws Exception {
    ManagedChannel follower = follower();
    grant(follower, 7, 60);
    BlockingQueue<LeaseKeepAliveResponse> answers = new LinkedBlockingQueue<>();
    StreamObserver<LeaseKeepAliveRequest> stream =
        LeaseGrpc.newStub(follower).leaseKeepAlive(into(answers));
    stream.onNext(LeaseKeepAliveRequest.newBuilder().setID(7).build());
    assertThat(answers.take().getTTL()).isEqualTo(60);
    assertThat(time(follower, 7).getTTL()).isBetween(58L, 60L);
    stream.onNext(LeaseKeepAliveRequest.newBuilder().setID(8).build());
    assertThat(answers.take().getTTL()).isZero();
    assertThat(time(follower, 8).getTTL()).isEqualTo(-1);
    stream.onCompleted();
  }

  private static <T> StreamObserver<T> into(BlockingQueue<T> answers) {
    return new StreamObserver<>() {
      @Override
      public void onNext(T answer) {
        answers.add(answer);
      }

      @Override
      public void onError(Throwable failure) {
        // the test fails, because the awaited event does not come
      }

      @Override
      public void onCompleted() {
        // as above
      }
    };
  }

  @Test
  void aLockIsPassedOnUnderTheNextLeader() throws Exception {
    long survivor = servers.leader() == 1 ? 2 : 1;
    ManagedChannel follower = channel(survivor);
    grant(follower, 7, 60);
    grant(follower, 8, 60);
    var held =
        LockGrpc.newBlockingStub(follower)
            .lock(LockRequest.newBuilder().setName(text("m")).setLease(7).build());
    var waiting =
        LockGrpc.newFutureStub(follower)
            .lock(LockRequest.newBuilder().setName(text("m")).setLease(8).build());
    until(() -> time(follower, 8).getKeysCount() == 1);
    var _ = newLeader();
    assertThat(time(follower, 7).getTTL()).isPositive();
    assertThat(waiting.isDone()).isFalse();
    var _ =
        LockGrpc.newBlockingStub(follower)
            .unlock(UnlockRequest.newBuilder().setKey(held.getKey()).build());
    assertThat(waiting.get(10, TimeUnit.SECONDS).getKey()).isEqualTo(text("m/8"));
  }

  private static WatchRequest everything(long from) {
    return WatchRequest.newBuilder()
        .setCreateRequest(
            WatchCreateRequest.newBuilder()
                .setKey(text("w"))
                .setRangeEnd(text("x"))
                .setStartRevision(from))
        .build();
  }

  @Test
  void aStreamThatAsksForALeaderEndsWhenThereIsNone() throws Exception {
    long survivor = servers.leader() == 1 ? 2 : 1;
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER), "true");
    TestWatcher asking = new TestWatcher();
    TestWatcher silent = new TestWatcher();
    var asked =
        WatchGrpc.newStub(channel(survivor))
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
            .watch(asking);
    asked.onNext(everything(1));
    WatchGrpc.newStub(channel(survivor)).watch(silent).onNext(everything(1));
    long revision = put(channel(survivor), "w", 0);
    until(() -> asking.revisions().contains(revision));
    for (long id = 1; id <= 3; id++) {
      if (id != survivor) {
        servers.stop(id);
      }
    }
    until(() -> !asking.ended().isOk());
    assertThat(asking.ended().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(asking.ended().getDescription()).isEqualTo("etcdserver: no leader");
    assertThat(silent.ended().isOk()).isTrue();
  }

  /** Begins again after the last event when the stream ends, as etcd's clients do. */
  private static final class Resuming {
    private final ManagedChannel channel;
    private final List<Long> earlier = new ArrayList<>();
    private TestWatcher watcher = new TestWatcher();
    private StreamObserver<WatchRequest> requests;

    Resuming(ManagedChannel channel) {
      this.channel = channel;
      this.requests = begin(1);
    }

    private StreamObserver<WatchRequest> begin(long from) {
      watcher = new TestWatcher();
      requests = WatchGrpc.newStub(channel).withWaitForReady().watch(watcher);
      requests.onNext(everything(from));
      return requests;
    }

    /** All revisions received so far. */
    List<Long> revisions() {
      boolean ended = !watcher.ended().isOk();
      List<Long> all = new ArrayList<>(earlier);
      all.addAll(watcher.revisions());
      if (ended) {
        assertThat(watcher.ended().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        earlier.clear();
        earlier.addAll(all);
        requests = begin(all.isEmpty() ? 1 : all.getLast() + 1);
      }
      return all;
    }

    boolean isAt(long revision) {
      requests.onNext(
          WatchRequest.newBuilder()
              .setProgressRequest(WatchProgressRequest.getDefaultInstance())
              .build());
      return watcher.progress() >= revision;
    }
  }

  @Test
  void aWatchThroughTheProxyGoesOnAtAnotherServer() throws Exception {
    Proxy proxy = Proxy.start(ProxyConfig.of(servers.addresses(), new HostPort("127.0.0.1", 0)));
    until(() -> proxy.serves() && proxy.cluster().nearest().size() == 3);
    ManagedChannel channel =
        channel(new HostPort("127.0.0.1", proxy.addresses().getFirst().getPort()));
    try {
      grant(channel, 7, 60);
      Resuming watch = new Resuming(channel);
      List<Long> written = new ArrayList<>();
      for (long id = 1; id <= 3; id++) {
        long before = put(channel, "w" + id, 7);
        written.add(before);
        until(() -> watch.revisions().contains(before));
        servers.stop(id); // one of them has the watch
        until(() -> servers.leader() != 0);
        written.add(put(channel, "w" + id, 0));
        servers.start(id);
        until(() -> proxy.cluster().silent().isEmpty());
      }
      until(() -> watch.revisions().size() >= written.size());
      assertThat(watch.revisions()).isEqualTo(written);
      assertThat(time(channel, 7).getTTL()).isPositive();
      until(() -> watch.isAt(written.getLast()));
    } finally {
      channel.shutdownNow();
      proxy.stop();
    }
  }
}
