package io.balsa.proxy;

import static io.balsa.host.Until.until;
import static io.balsa.proxy.DirectCluster.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.balsa.house.SharesCores;
import io.balsa.proto.etcdserverpb.Compare;
import io.balsa.proto.etcdserverpb.DeleteRangeRequest;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.balsa.proto.etcdserverpb.RequestOp;
import io.balsa.proto.etcdserverpb.TxnRequest;
import io.balsa.proto.etcdserverpb.TxnResponse;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.balsa.proto.etcdserverpb.WatchRequest;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.balsa.proto.mvccpb.Event;
import io.balsa.proto.mvccpb.KeyValue;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Uses etcd through the proxy as Kubernetes does, while two leaders end. Objects are created if
 * they do not exist, and updated and deleted if they did not change since they were read. A reader
 * lists them, and watches from the revision of the list. No call fails, and the watch leads to the
 * same objects as a list.
 */
@SharesCores
@Timeout(120)
class KubernetesWayTest extends BeforeRealServers {
  private static final int WRITERS = 4;

  private final AtomicInteger done = new AtomicInteger();
  private volatile boolean enough;

  /** The objects of a list after the events of a watch from its revision. */
  private static final class Reflector implements StreamObserver<WatchResponse> {
    private final Map<ByteString, KeyValue> objects =
        new TreeMap<>(ByteString.unsignedLexicographicalComparator());
    private final List<String> wrongs = new ArrayList<>();
    private long revision;

    @Override
    public synchronized void onNext(WatchResponse response) {
      if (response.getCanceled()) {
        wrongs.add("canceled: " + response.getCancelReason());
      }
      for (Event event : response.getEventsList()) {
        take(event);
      }
      revision = Math.max(revision, response.getHeader().getRevision());
    }

    private void take(Event event) {
      KeyValue now = event.getKv();
      KeyValue before = objects.get(now.getKey());
      long known = before == null ? 0 : before.getModRevision();
      if (event.getPrevKv().getModRevision() != known) {
        wrongs.add("after " + known + " came " + event);
      }
      if (event.getType() == Event.EventType.DELETE) {
        objects.remove(now.getKey());
      } else {
        objects.put(now.getKey(), now);
      }
    }

    @Override
    public synchronized void onError(Throwable failure) {
      wrongs.add("ended: " + failure);
    }

    @Override
    public synchronized void onCompleted() {
      wrongs.add("completed");
    }

    synchronized List<String> wrongs() {
      return List.copyOf(wrongs);
    }

    synchronized List<KeyValue> objects() {
      return List.copyOf(objects.values());
    }
  }

  private RangeResponse list() {
    return kv().range(
            RangeRequest.newBuilder()
                .setKey(text("/registry/"))
                .setRangeEnd(text("/registry0"))
                .build());
  }

  private Reflector reflect() {
    Reflector reflector = new Reflector();
    RangeResponse list = list();
    list.getKvsList().forEach(each -> reflector.objects.put(each.getKey(), each));
    Metadata leader = new Metadata();
    leader.put(Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER), "true");
    WatchGrpc.newStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(leader))
        .watch(reflector)
        .onNext(
            WatchRequest.newBuilder()
                .setCreateRequest(
                    WatchCreateRequest.newBuilder()
                        .setKey(text("/registry/"))
                        .setRangeEnd(text("/registry0"))
                        .setPrevKv(true)
                        .setProgressNotify(true)
                        .setStartRevision(list.getHeader().getRevision() + 1))
                .build());
    return reflector;
  }

  /**
   * Changes an object if it did not change since it was read, and reads it otherwise, as Kubernetes
   * does.
   */
  private long guarded(String key, long asItWas, RequestOp change) {
    TxnResponse answer =
        kv().txn(
                TxnRequest.newBuilder()
                    .addCompare(
                        Compare.newBuilder()
                            .setKey(text(key))
                            .setTarget(Compare.CompareTarget.MOD)
                            .setResult(Compare.CompareResult.EQUAL)
                            .setModRevision(asItWas))
                    .addSuccess(change)
                    .addFailure(
                        RequestOp.newBuilder()
                            .setRequestRange(RangeRequest.newBuilder().setKey(text(key))))
                    .build());
    assertThat(answer.getSucceeded()).as("%s at %s: %s", key, asItWas, answer).isTrue();
    done.incrementAndGet();
    return answer.getHeader().getRevision();
  }

  private static RequestOp put(String key, int value) {
    return RequestOp.newBuilder()
        .setRequestPut(
            PutRequest.newBuilder().setKey(text(key)).setValue(text(String.valueOf(value))))
        .build();
  }

  private int write(int writer) {
    int changes = 0;
    for (int i = 0; !enough; i++) {
      String key = "/registry/" + writer + "/" + i;
      long at = guarded(key, 0, put(key, 0));
      for (int update = 1; update <= 3; update++) {
        at = guarded(key, at, put(key, update));
      }
      if (i % 2 == 0) {
        RequestOp delete =
            RequestOp.newBuilder()
                .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(text(key)))
                .build();
        var _ = guarded(key, at, delete);
      }
      changes = i;
    }
    return changes;
  }

  @Test
  void nothingFailsAndNothingIsLostWhileTwoLeadersEnd() throws Exception {
    List<Reflector> reflectors = new ArrayList<>(List.of(reflect(), reflect()));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> writers = new ArrayList<>();
      for (int w = 0; w < WRITERS; w++) {
        int writer = w;
        writers.add(threads.submit(() -> write(writer)));
      }
      try {
        for (int round = 0; round < 2; round++) {
          untilMoreIsDone(writers);
          long leader = servers.untilOneLeads();
          servers.stop(leader);
          untilMoreIsDone(writers);
          reflectors.add(reflect());
          servers.start(leader);
        }
        untilMoreIsDone(writers);
      } finally {
        enough = true;
      }
      for (Future<Integer> writer : writers) {
        assertThat(writer.get()).isPositive();
      }
    }
    List<KeyValue> all = list().getKvsList();
    for (Reflector reflector : reflectors) {
      until(() -> reflector.objects().equals(all) || !reflector.wrongs().isEmpty());
      assertThat(reflector.wrongs()).isEmpty();
    }
  }

  private void untilMoreIsDone(List<Future<Integer>> writers) throws Exception {
    int before = done.get();
    until(() -> done.get() > before + 100 || writers.stream().anyMatch(Future::isDone));
  }
}
