package io.balsa.client;

import com.google.protobuf.ByteString;
import io.balsa.bytes.Bytes;
import io.balsa.proto.etcdserverpb.Compare;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RangeRequest.SortOrder;
import io.balsa.proto.etcdserverpb.RangeRequest.SortTarget;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.balsa.proto.etcdserverpb.RequestOp;
import io.balsa.proto.etcdserverpb.TxnRequest;
import io.balsa.proto.etcdserverpb.TxnResponse;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.balsa.proto.mvccpb.KeyValue;
import io.balsa.queue.KeySearch;
import io.balsa.queue.QueueKeys;
import io.balsa.queue.QueueTurn;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A client's place in a queue, for a lock or an election. Each waiter has a key on a lease, so a
 * client that ends without a word leaves the queue when its lease expires. {@link QueueTurn}
 * decides whose turn it is.
 */
public final class QueuePlace {
  private final EtcdClient client;
  private final EtcdCalls calls;
  private final ByteString key;
  private final QueueTurn place;

  private QueuePlace(EtcdClient client, EtcdCalls calls, ByteString key, QueueTurn place) {
    this.client = client;
    this.calls = calls;
    this.key = key;
    this.place = place;
  }

  /**
   * Joins a queue.
   *
   * @param value the value of the key
   * @param timeout for each request; the wait for the turn has no end
   */
  public static QueuePlace take(
      EtcdClient client, Session session, ByteString name, ByteString value, Duration timeout)
      throws RequestFailed {
    EtcdCalls calls = new EtcdCalls(client, timeout);
    QueueKeys keys = QueueKeys.named(Bytes.wrap(name.toByteArray()));
    ByteString key = string(keys.key(session.lease()));
    TxnRequest txn =
        TxnRequest.newBuilder()
            .addCompare(
                Compare.newBuilder()
                    .setTarget(Compare.CompareTarget.CREATE)
                    .setKey(key)
                    .setCreateRevision(0))
            .addSuccess(
                RequestOp.newBuilder()
                    .setRequestPut(
                        PutRequest.newBuilder()
                            .setKey(key)
                            .setValue(value)
                            .setLease(session.lease())))
            .addFailure(RequestOp.newBuilder().setRequestRange(one(key)))
            .build();
    long created = createRevision(EtcdCalls.await(calls.txn(txn)));
    return new QueuePlace(client, calls, key, new QueueTurn(keys, created));
  }

  private static long createRevision(TxnResponse answer) {
    return answer.getSucceeded()
        ? answer.getHeader().getRevision()
        : answer.getResponses(0).getResponseRange().getKvs(0).getCreateRevision();
  }

  static ByteString string(Bytes bytes) {
    return ByteString.copyFrom(bytes.buffer());
  }

  static RangeRequest range(KeySearch search) {
    return RangeRequest.newBuilder()
        .setKey(string(search.from()))
        .setRangeEnd(string(search.end()))
        .setSortOrder(
            switch (search.order()) {
              case OLDEST -> SortOrder.ASCEND;
              case NEWEST -> SortOrder.DESCEND;
            })
        .setSortTarget(SortTarget.CREATE)
        .setMaxCreateRevision(search.maxCreateRevision())
        .setLimit(1)
        .build();
  }

  private static RangeRequest one(ByteString key) {
    return RangeRequest.newBuilder().setKey(key).build();
  }

  /** The create revision of the key. It fences: the next holder has a larger one. */
  public long createRevision() {
    return place.createRevision();
  }

  /** The key. */
  public ByteString key() {
    return key;
  }

  /**
   * Waits for the turn on a thread of its own. The future completes with the key's row at that
   * time, or fails with a {@link RequestFailed}. It ends at the latest when the client is closed.
   */
  public CompletableFuture<RangeResponse> turn() {
    CompletableFuture<RangeResponse> turn = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("turn")
        .start(
            () -> {
              try {
                awaitPredecessors();
                turn.complete(own());
              } catch (RequestFailed failed) {
                turn.completeExceptionally(failed);
              } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
              }
            });
    return turn;
  }

  private void awaitPredecessors() throws RequestFailed, InterruptedException {
    QueueTurn.Deletion awaited = awaited();
    while (awaited != null) {
      await(awaited);
      awaited = awaited();
    }
  }

  private QueueTurn.@Nullable Deletion awaited() throws RequestFailed {
    RangeResponse found = EtcdCalls.await(calls.range(range(place.predecessor())));
    Bytes predecessor =
        found.getKvsCount() == 0 ? null : Bytes.wrap(found.getKvs(0).getKey().toByteArray());
    return place.awaited(predecessor, found.getHeader().getRevision());
  }

  /** Also ends when the watch is cancelled because its revision is compacted. */
  private void await(QueueTurn.Deletion awaited) throws RequestFailed, InterruptedException {
    WatchCreateRequest deletes =
        WatchCreateRequest.newBuilder()
            .setKey(string(awaited.key()))
            .setStartRevision(awaited.fromRevision())
            .addFilters(WatchCreateRequest.FilterType.NOPUT)
            .build();
    try (ResumingWatch feed = new ResumingWatch(client, deletes)) {
      WatchResponse response = feed.next();
      while (response.getEventsCount() == 0 && !response.getCanceled()) {
        response = feed.next();
      }
    }
  }

  /** Reads the own key: its lease may have ended while the client waited. */
  private RangeResponse own() throws RequestFailed {
    RangeResponse found = EtcdCalls.await(calls.range(one(key)));
    boolean there =
        found.getKvsList().stream()
            .mapToLong(KeyValue::getCreateRevision)
            .anyMatch(created -> created == place.createRevision());
    if (!there) {
      throw new RequestFailed(
          Status.FAILED_PRECONDITION.withDescription("the lease has ended meanwhile"), false);
    }
    return found;
  }
}
