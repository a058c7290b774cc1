package io.balsa.proxy;

import static io.balsa.host.Until.until;
import static io.balsa.proxy.DirectCluster.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.house.SharesCores;
import io.balsa.proto.etcdserverpb.LeaseGrantRequest;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveRequest;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveResponse;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.balsa.proto.etcdserverpb.WatchProgressRequest;
import io.balsa.proto.etcdserverpb.WatchRequest;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client's streams at the proxy continue unchanged while leaders end. */
@SharesCores
@Timeout(120)
class StreamsOutliveLeadersTest extends BeforeRealServers {
  private volatile boolean enough;

  private long put(String key) {
    return kv().put(PutRequest.newBuilder().setKey(text(key)).build()).getHeader().getRevision();
  }

  private static WatchRequest create(String prefix, long id, long from, boolean fragment) {
    return WatchRequest.newBuilder()
        .setCreateRequest(
            WatchCreateRequest.newBuilder()
                .setKey(text(prefix))
                .setRangeEnd(text(prefix + "~"))
                .setWatchId(id)
                .setStartRevision(from)
                .setFragment(fragment)
                .setPrevKv(fragment))
        .build();
  }

  /** Puts one key after another until the test ends; no put may fail. */
  private List<Long> write(String prefix, AtomicInteger count) {
    List<Long> revisions = new ArrayList<>();
    while (!enough) {
      revisions.add(put(prefix + count.get()));
      count.incrementAndGet();
    }
    return revisions;
  }

  private void endThreeLeaders(AtomicInteger count) throws Exception {
    for (int i = 0; i < 3; i++) {
      int before = count.get();
      until(() -> count.get() > before + 50);
      long leader = servers.untilOneLeads();
      servers.stop(leader);
      int after = count.get();
      until(() -> count.get() > after + 50);
      servers.start(leader);
      until(() -> proxy.cluster().silent().isEmpty() && proxy.cluster().unfit().isEmpty());
    }
  }

  @Test
  void watchesLoseAndDoubleNothing() throws Exception {
    long begun = put("w");
    List<TestWatcher> watchers = new ArrayList<>();
    List<StreamObserver<WatchRequest>> streams = new ArrayList<>();
    for (int i = 0;
        i < 8;
        i++) { // from a past and from the current revision, with fragments and without
      TestWatcher watcher = new TestWatcher();
      watchers.add(watcher);
      streams.add(WatchGrpc.newStub(channel).watch(watcher));
      streams.get(i).onNext(create("w", 0, i % 2 == 0 ? begun + 1 : 0, i % 4 < 2));
    }
    until(() -> watchers.stream().allMatch(each -> each.created() == 1));
    AtomicInteger count = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<List<Long>> writer = threads.submit(() -> write("w", count));
      try {
        endThreeLeaders(count);
      } finally {
        enough = true;
      }
      List<Long> written = writer.get();
      for (TestWatcher watcher : watchers) {
        until(() -> watcher.revisions().size() >= written.size());
        assertThat(watcher.revisions()).isEqualTo(written);
        assertThat(watcher.created()).isEqualTo(1);
        assertThat(watcher.ended().isOk()).isTrue();
      }
      askForProgressUntil(written.getLast(), streams.getFirst(), watchers.getFirst());
    }
  }

  private static void askForProgressUntil(
      long revision, StreamObserver<WatchRequest> stream, TestWatcher watcher) throws Exception {
    WatchRequest progress =
        WatchRequest.newBuilder()
            .setProgressRequest(WatchProgressRequest.getDefaultInstance())
            .build();
    stream.onNext(progress);
    until(
        () -> {
          stream.onNext(progress);
          return watcher.progress() >= revision;
        });
  }

  @Test
  void idsStayAndWatchesAreEndedByThem() throws Exception {
    TestWatcher watcher = new TestWatcher();
    StreamObserver<WatchRequest> stream = WatchGrpc.newStub(channel).watch(watcher);
    stream.onNext(create("a", 0, 1, false));
    stream.onNext(create("b", 7, 1, false));
    stream.onNext(create("c", 0, 0, false));
    stream.onNext(create("d", 7, 1, false));
    until(() -> watcher.created() == 4);
    assertThat(watcher.createdIds()).containsExactly(0L, 7L, 1L, -1L);
    servers.stop(servers.untilOneLeads());
    stream.onNext(
        WatchRequest.newBuilder()
            .setCancelRequest(
                io.balsa.proto.etcdserverpb.WatchCancelRequest.newBuilder().setWatchId(7))
            .build());
    until(() -> watcher.canceledIds().contains(7L));
    long a = put("a1");
    var _ = put("b1");
    long c = put("c1");
    until(() -> watcher.revisions().size() >= 2);
    assertThat(watcher.revisions()).containsExactly(a, c);
    assertThat(watcher.eventIds()).containsExactly(0L, 1L);
    stream.onNext(create("e", 0, 0, false));
    until(() -> watcher.created() == 5);
    assertThat(watcher.createdIds().getLast()).isEqualTo(2);
  }

  /** The answers and the failures of a client's stream of keepalives. */
  private static final class KeepAliveAnswers implements StreamObserver<LeaseKeepAliveResponse> {
    private final List<LeaseKeepAliveResponse> all = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();

    @Override
    public synchronized void onNext(LeaseKeepAliveResponse answer) {
      all.add(answer);
    }

    @Override
    public synchronized void onError(Throwable failure) {
      failures.add(failure);
    }

    @Override
    public void onCompleted() {
      // the test waits for the number of answers
    }

    synchronized List<LeaseKeepAliveResponse> all() {
      return List.copyOf(all);
    }

    synchronized List<Throwable> failures() {
      return List.copyOf(failures);
    }
  }

  @Test
  void keepAlivesAreAnsweredByTheNextLeader() throws Exception {
    var _ =
        LeaseGrpc.newBlockingStub(channel)
            .leaseGrant(LeaseGrantRequest.newBuilder().setID(7).setTTL(60).build());
    KeepAliveAnswers answers = new KeepAliveAnswers();
    StreamObserver<LeaseKeepAliveRequest> stream =
        LeaseGrpc.newStub(channel).leaseKeepAlive(answers);
    int asked = 0;
    for (int round = 0; round < 3; round++) {
      long leader = servers.untilOneLeads();
      for (int i = 0; i < 100; i++) {
        stream.onNext(LeaseKeepAliveRequest.newBuilder().setID(7).build());
        asked++;
        if (i == 50) {
          servers.stop(leader);
        }
      }
      int all = asked;
      until(() -> answers.all().size() >= all || !answers.failures().isEmpty());
      servers.start(leader);
    }
    assertThat(answers.failures()).isEmpty();
    assertThat(answers.all()).hasSize(asked).allMatch(each -> each.getTTL() > 50);
  }
}
