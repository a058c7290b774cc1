package io.balsa.client;

import com.google.protobuf.ByteString;
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
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A place in a queue of keys below a name, as all etcd clients take locks and stand for elections:
 * the oldest key's owner has its turn, the others each wait for the end of the key before theirs.
 * The keys hang on leases, so that whoever dies leaves the queue.
 */
public final class QueuePlace {
  private final EtcdClient client;
  private final EtcdCalls calls;
  private final ByteString prefix;
  private final ByteString key;
  private final long createRevision;

  private QueuePlace(
      EtcdClient client, EtcdCalls calls, ByteString prefix, ByteString key, long createRevision) {
    this.client = client;
    this.calls = calls;
    this.prefix = prefix;
    this.key = key;
    this.createRevision = createRevision;
  }

  /**
   * Stands in a queue.
   *
   * @param value what the key is given
   * @param timeout for each request; the wait for the turn has no end
   */
  public static QueuePlace take(
      EtcdClient client, Session session, String name, ByteString value, Duration timeout)
      throws RequestFailed {
    EtcdCalls calls = new EtcdCalls(client, timeout);
    ByteString prefix = prefix(name);
    ByteString key = prefix.concat(ByteString.copyFromUtf8(Long.toHexString(session.lease())));
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
    return new QueuePlace(
        client, calls, prefix, key, createRevision(EtcdCalls.await(calls.txn(txn))));
  }

  private static long createRevision(TxnResponse answer) {
    return answer.getSucceeded()
        ? answer.getHeader().getRevision()
        : answer.getResponses(0).getResponseRange().getKvs(0).getCreateRevision();
  }

  static ByteString prefix(String name) {
    return ByteString.copyFromUtf8(name + "/");
  }

  /** After all keys of a queue: its prefix ends with a slash. */
  static ByteString end(ByteString prefix) {
    return prefix.substring(0, prefix.size() - 1).concat(ByteString.copyFromUtf8("0"));
  }

  private static RangeRequest one(ByteString key) {
    return RangeRequest.newBuilder().setKey(key).build();
  }

  /** The revision that fences: whoever has the next turn has a larger one. */
  public long createRevision() {
    return createRevision;
  }

  /** The key. */
  public ByteString key() {
    return key;
  }

  /**
   * Waits for the turn on a thread of its own; completes with what is at the key then, or fails
   * with a {@link RequestFailed}. It ends at the latest when the client is closed.
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
    RangeRequest lastBefore =
        RangeRequest.newBuilder()
            .setKey(prefix)
            .setRangeEnd(end(prefix))
            .setSortOrder(SortOrder.DESCEND)
            .setSortTarget(SortTarget.CREATE)
            .setMaxCreateRevision(createRevision - 1)
            .setLimit(1)
            .build();
    RangeResponse before = EtcdCalls.await(calls.range(lastBefore));
    while (before.getKvsCount() > 0) {
      awaitEnd(before.getKvs(0).getKey(), before.getHeader().getRevision() + 1);
      before = EtcdCalls.await(calls.range(lastBefore));
    }
  }

  /** Also ends when the history of the key is gone, for then it has to be looked for again. */
  private void awaitEnd(ByteString other, long fromRevision)
      throws RequestFailed, InterruptedException {
    WatchCreateRequest deletes =
        WatchCreateRequest.newBuilder()
            .setKey(other)
            .setStartRevision(fromRevision)
            .addFilters(WatchCreateRequest.FilterType.NOPUT)
            .build();
    try (WatchFeed feed = new WatchFeed(client, deletes)) {
      WatchResponse response = feed.next();
      while (response.getEventsCount() == 0 && !response.getCanceled()) {
        response = feed.next();
      }
    }
  }

  /** Its lease may have ended while it waited. */
  private RangeResponse own() throws RequestFailed {
    RangeResponse found = EtcdCalls.await(calls.range(one(key)));
    boolean there =
        found.getKvsList().stream()
            .mapToLong(KeyValue::getCreateRevision)
            .anyMatch(created -> created == createRevision);
    if (!there) {
      throw new RequestFailed(
          Status.FAILED_PRECONDITION.withDescription("the lease has ended meanwhile"), false);
    }
    return found;
  }
}
