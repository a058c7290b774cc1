package io.balsa.api;

import com.google.protobuf.ByteString;
import io.balsa.bytes.Bytes;
import io.balsa.model.Command;
import io.balsa.model.KeyValue;
import io.balsa.model.Result;
import io.balsa.node.Node;
import io.balsa.proto.etcdserverpb.ResponseHeader;
import io.balsa.proto.v3electionpb.CampaignRequest;
import io.balsa.proto.v3electionpb.CampaignResponse;
import io.balsa.proto.v3electionpb.ElectionGrpc;
import io.balsa.proto.v3electionpb.LeaderKey;
import io.balsa.proto.v3electionpb.LeaderRequest;
import io.balsa.proto.v3electionpb.LeaderResponse;
import io.balsa.proto.v3electionpb.ProclaimRequest;
import io.balsa.proto.v3electionpb.ProclaimResponse;
import io.balsa.proto.v3electionpb.ResignRequest;
import io.balsa.proto.v3electionpb.ResignResponse;
import io.balsa.queue.QueueKeys;
import io.balsa.queue.QueueTurn;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** etcd's Election: the client with the oldest key below the election's name leads. */
@SuppressWarnings(
    "StaticAssignmentOfThrowable") // has no stack trace, as the exceptions of EtcdError
final class ElectionService extends ElectionGrpc.ElectionImplBase {
  private static final StatusRuntimeException NOT_LEADER =
      NodeCalls.unknown("election: not leader");
  private static final StatusRuntimeException NO_LEADER = NodeCalls.unknown("election: no leader");
  private static final StatusRuntimeException NO_LEADER_KEY =
      NodeCalls.unknown("\"leader\" field must be provided");

  private final Node node;
  private final ToProto toProto;

  ElectionService(Node node, ToProto toProto) {
    this.node = node;
    this.toProto = toProto;
  }

  /** A candidate's key and its create revision, which is the fencing token. */
  private record Candidate(Bytes key, long created, long lease, long revision) {}

  @Override
  public void campaign(CampaignRequest request, StreamObserver<CampaignResponse> observer) {
    ByteString name = request.getName(); // while the call waits, it does not keep the request
    QueueKeys keys = keys(name);
    Bytes value = FromProto.bytes(request.getValue());
    LongCall call = LongCall.on(observer);
    NodeCalls calls = NodeCalls.ofCurrentCall(node);
    CallRoom room = CallRoom.current();
    var _ =
        calls
            .lease(request.getLease())
            .thenCompose(lease -> stand(calls, keys, lease, value, room))
            .thenCompose(candidate -> win(calls, keys, candidate, call))
            .whenComplete(call.answer(won -> campaign(name, won)));
  }

  private static QueueKeys keys(ByteString name) {
    return QueueKeys.named(FromProto.bytes(name));
  }

  private CampaignResponse campaign(ByteString name, Candidate won) {
    LeaderKey.Builder leader =
        LeaderKey.newBuilder()
            .setName(name)
            .setKey(ByteString.copyFrom(won.key().buffer()))
            .setRev(won.created())
            .setLease(won.lease());
    return CampaignResponse.newBuilder()
        .setHeader(header(won.revision()))
        .setLeader(leader)
        .build();
  }

  private CompletableFuture<Candidate> stand(
      NodeCalls calls, QueueKeys keys, long lease, Bytes value, CallRoom room) {
    Bytes key = keys.key(lease);
    Command.Txn txn =
        new Command.Txn(
            List.of(NodeCalls.created(key, 0)),
            List.of(NodeCalls.put(key, value, lease)),
            List.of(NodeCalls.one(key)));
    return calls
        .txn(txn, room)
        .thenCompose(
            result -> {
              room.release(); // a waiting candidate's key has no value
              if (result.succeeded()) {
                long revision = result.revision();
                return CompletableFuture.completedFuture(
                    new Candidate(key, revision, lease, revision));
              }
              KeyValue own = ((Result.Range) result.responses().getFirst()).kvs().getFirst();
              return standAgain(calls, own, lease, value, result.revision());
            });
  }

  private CompletableFuture<Candidate> standAgain(
      NodeCalls calls, KeyValue own, long lease, Bytes value, long revision) {
    Candidate candidate = new Candidate(own.key(), own.createRevision(), lease, revision);
    if (own.value().equals(value)) {
      return CompletableFuture.completedFuture(candidate);
    }
    return proclaim(calls, own.key(), own.createRevision(), lease, value)
        .thenApply(_ -> candidate)
        .exceptionallyCompose(refusal -> standDown(calls, candidate, refusal));
  }

  /**
   * If its new value is refused, a candidate loses its key, as in etcd, because others wait behind
   * it.
   */
  private CompletableFuture<Candidate> standDown(
      NodeCalls calls, Candidate candidate, Throwable refusal) {
    return resign(calls, candidate.key(), candidate.created())
        .handle((_, _) -> candidate)
        .thenCompose(_ -> CompletableFuture.failedFuture(refusal));
  }

  private CompletableFuture<Candidate> win(
      NodeCalls calls, QueueKeys keys, Candidate candidate, LongCall call) {
    return call.wait(QueueWait.await(calls, new QueueTurn(keys, candidate.created())))
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                var _ = resign(calls, candidate.key(), candidate.created());
              }
            })
        .thenApply(_ -> candidate);
  }

  private CompletableFuture<Result.Txn> proclaim(
      NodeCalls calls, Bytes key, long created, long lease, Bytes value) {
    return calls
        .txn(NodeCalls.when(NodeCalls.created(key, created), NodeCalls.put(key, value, lease)))
        .thenApply(
            result -> {
              if (!result.succeeded()) {
                throw NOT_LEADER;
              }
              return result;
            });
  }

  private CompletableFuture<Result.Txn> resign(NodeCalls calls, Bytes key, long created) {
    return calls.txn(
        NodeCalls.when(
            NodeCalls.created(key, created), new Command.DeleteRange(key, Bytes.EMPTY, false)));
  }

  @Override
  public void proclaim(ProclaimRequest request, StreamObserver<ProclaimResponse> observer) {
    if (!request.hasLeader()) {
      observer.onError(NO_LEADER_KEY);
      return;
    }
    LeaderKey leader = request.getLeader();
    LongCall call = LongCall.on(observer);
    NodeCalls calls = NodeCalls.ofCurrentCall(node);
    Bytes key = FromProto.bytes(leader.getKey());
    Bytes value = FromProto.bytes(request.getValue());
    var _ =
        calls
            .lease(leader.getLease())
            .thenCompose(lease -> proclaim(calls, key, leader.getRev(), lease, value))
            .whenComplete(
                call.answer(
                    done ->
                        ProclaimResponse.newBuilder().setHeader(header(done.revision())).build()));
  }

  @Override
  public void resign(ResignRequest request, StreamObserver<ResignResponse> observer) {
    if (!request.hasLeader()) {
      observer.onError(NO_LEADER_KEY);
      return;
    }
    LeaderKey leader = request.getLeader();
    LongCall call = LongCall.on(observer);
    NodeCalls calls = NodeCalls.ofCurrentCall(node);
    var _ =
        resign(calls, FromProto.bytes(leader.getKey()), leader.getRev())
            .whenComplete(
                call.answer(
                    done ->
                        ResignResponse.newBuilder().setHeader(header(done.revision())).build()));
  }

  @Override
  public void leader(LeaderRequest request, StreamObserver<LeaderResponse> observer) {
    LongCall call = LongCall.on(observer);
    NodeCalls calls = NodeCalls.ofCurrentCall(node);
    var _ =
        calls
            .read(NodeCalls.found(keys(request.getName()).first()), CallRoom.current())
            .whenComplete(call.answer(this::leader));
  }

  private LeaderResponse leader(Result.Range found) {
    if (found.kvs().isEmpty()) {
      throw NO_LEADER;
    }
    return leader(found.kvs().getFirst(), found.revision());
  }

  private LeaderResponse leader(KeyValue kv, long revision) {
    return LeaderResponse.newBuilder()
        .setHeader(header(revision))
        .setKv(ToProto.keyValue(kv))
        .build();
  }

  @Override
  public void observe(LeaderRequest request, StreamObserver<LeaderResponse> observer) {
    new ElectionObserver(
            NodeCalls.ofCurrentCall(node), keys(request.getName()), observer, this::leader)
        .begin();
  }

  private ResponseHeader header(long revision) {
    return toProto.header(revision, node.status().term());
  }
}
