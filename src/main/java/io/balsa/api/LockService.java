package io.balsa.api;

import com.google.protobuf.ByteString;
import io.balsa.bytes.Bytes;
import io.balsa.model.Command;
import io.balsa.model.Result;
import io.balsa.node.Node;
import io.balsa.proto.v3lockpb.LockGrpc;
import io.balsa.proto.v3lockpb.LockRequest;
import io.balsa.proto.v3lockpb.LockResponse;
import io.balsa.proto.v3lockpb.UnlockRequest;
import io.balsa.proto.v3lockpb.UnlockResponse;
import io.balsa.queue.QueueKeys;
import io.balsa.queue.QueueTurn;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * etcd's Lock: the client with the oldest key below the lock's name holds it. A lock ends with its
 * lease, so a guarded resource should compare the key's create revision (fencing).
 */
final class LockService extends LockGrpc.LockImplBase {
  private final Node node;
  private final ToProto toProto;

  LockService(Node node, ToProto toProto) {
    this.node = node;
    this.toProto = toProto;
  }

  @Override
  public void lock(LockRequest request, StreamObserver<LockResponse> observer) {
    QueueKeys keys = QueueKeys.named(FromProto.bytes(request.getName()));
    LongCall call = LongCall.on(observer);
    NodeCalls calls = NodeCalls.ofCurrentCall(node);
    var _ =
        calls
            .lease(request.getLease())
            .thenCompose(lease -> take(calls, keys, lease, call))
            .whenComplete(
                call.answer(
                    held ->
                        LockResponse.newBuilder()
                            .setHeader(toProto.header(held.revision(), term()))
                            .setKey(ByteString.copyFrom(held.key().buffer()))
                            .build()));
  }

  private record Held(Bytes key, long revision) {}

  private CompletableFuture<Held> take(NodeCalls calls, QueueKeys keys, long lease, LongCall call) {
    Bytes key = keys.key(lease);
    Command.Txn txn =
        new Command.Txn(
            List.of(NodeCalls.created(key, 0)),
            List.of(NodeCalls.put(key, Bytes.EMPTY, lease), NodeCalls.foundKey(keys.first())),
            List.of(NodeCalls.oneKey(key), NodeCalls.foundKey(keys.first())));
    return calls.txn(txn).thenCompose(result -> queue(calls, keys, key, result, call));
  }

  private CompletableFuture<Held> queue(
      NodeCalls calls, QueueKeys keys, Bytes key, Result.Txn txn, LongCall call) {
    long created = txn.succeeded() ? txn.revision() : created(txn.responses().getFirst());
    if (created(txn.responses().getLast()) == created) {
      return CompletableFuture.completedFuture(new Held(key, txn.revision()));
    }
    return call.wait(QueueWait.await(calls, new QueueTurn(keys, created)))
        .thenCompose(_ -> calls.readKey(NodeCalls.oneKey(key)))
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                var _ = calls.delete(key);
              }
            })
        .thenApply(found -> held(key, found));
  }

  private static long created(Result response) {
    return ((Result.Range) response).kvs().getFirst().createRevision();
  }

  /** The result of a lock; the lease may have ended while the client waited. */
  private static Held held(Bytes key, Result.Range found) {
    if (found.kvs().isEmpty()) {
      throw NodeCalls.unknown("mutex: session is expired");
    }
    return new Held(key, found.revision());
  }

  @Override
  public void unlock(UnlockRequest request, StreamObserver<UnlockResponse> observer) {
    LongCall call = LongCall.on(observer);
    NodeCalls calls = NodeCalls.ofCurrentCall(node);
    var _ =
        calls
            .delete(FromProto.bytes(request.getKey()))
            .whenComplete(
                call.answer(
                    gone ->
                        UnlockResponse.newBuilder()
                            .setHeader(toProto.header(gone.revision(), term()))
                            .build()));
  }

  private long term() {
    return node.status().term();
  }
}
