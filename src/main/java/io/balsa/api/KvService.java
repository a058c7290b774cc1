package io.balsa.api;

import com.google.protobuf.MessageLite;
import io.balsa.access.CallerSession;
import io.balsa.errors.EtcdError;
import io.balsa.lanes.Outcome;
import io.balsa.model.Command;
import io.balsa.model.Range;
import io.balsa.model.Result;
import io.balsa.node.Node;
import io.balsa.proto.etcdserverpb.CompactionRequest;
import io.balsa.proto.etcdserverpb.CompactionResponse;
import io.balsa.proto.etcdserverpb.DeleteRangeRequest;
import io.balsa.proto.etcdserverpb.DeleteRangeResponse;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.PutResponse;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.balsa.proto.etcdserverpb.RangeStreamResponse;
import io.balsa.proto.etcdserverpb.RequestOp;
import io.balsa.proto.etcdserverpb.TxnRequest;
import io.balsa.proto.etcdserverpb.TxnResponse;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** etcd's KV. */
final class KvService extends KVGrpc.KVImplBase {
  /**
   * Bytes that etcd's raft entry adds to a request: field tag, length, and a header with its id.
   */
  private static final int ENTRY_OVERHEAD_BYTES = 18;

  private final Node node;
  private final ToProto toProto;
  private final ServerMetrics metrics;
  private final int maxRequestBytes;
  private final int maxTxnOps;

  /**
   * @param maxRequestBytes the largest request for the log
   */
  KvService(Node node, ToProto toProto, ServerMetrics metrics, int maxRequestBytes, int maxTxnOps) {
    this.node = node;
    this.toProto = toProto;
    this.metrics = metrics;
    this.maxRequestBytes = maxRequestBytes;
    this.maxTxnOps = maxTxnOps;
  }

  @Override
  public void range(RangeRequest request, StreamObserver<RangeResponse> observer) {
    try {
      Range range = FromProto.range(request);
      boolean linearizable = !request.getSerializable();
      CallRoom room = CallRoom.current();
      room.admit(range);
      metrics.store().read(1);
      node.read(
          CallerSession.current().caller(),
          range,
          linearizable,
          room,
          Reply.to(observer, room, Result.Range.class, toProto::range));
    } catch (StatusRuntimeException e) {
      observer.onError(e);
    }
  }

  @Override
  public void put(PutRequest request, StreamObserver<PutResponse> observer) {
    try {
      Command.Put put = FromProto.put(request);
      fits(request);
      propose(put, observer, Result.Put.class, toProto::put);
    } catch (StatusRuntimeException e) {
      observer.onError(e);
    }
  }

  @Override
  public void deleteRange(
      DeleteRangeRequest request, StreamObserver<DeleteRangeResponse> observer) {
    try {
      Command.DeleteRange delete = FromProto.deleteRange(request);
      fits(request);
      propose(delete, observer, Result.DeleteRange.class, toProto::deleteRange);
    } catch (StatusRuntimeException e) {
      observer.onError(e);
    }
  }

  @Override
  public void txn(TxnRequest request, StreamObserver<TxnResponse> observer) {
    try {
      Command.Txn txn = FromProto.txn(request, maxTxnOps);
      if (onlyRanges(request)) {
        boolean linearizable = !serializable(request);
        CallRoom room = CallRoom.current();
        rangesOf(txn).forEach(room::admit);
        metrics.store().read(request.getSuccessCount());
        node.readTxn(
            CallerSession.current().caller(),
            txn,
            linearizable,
            room,
            Reply.to(observer, room, Result.Txn.class, toProto::txn));
      } else {
        fits(request);
        propose(txn, observer, Result.Txn.class, toProto::txn);
      }
    } catch (StatusRuntimeException e) {
      observer.onError(e);
    }
  }

  @Override
  public void compact(CompactionRequest request, StreamObserver<CompactionResponse> observer) {
    Command.Compact compact = new Command.Compact(request.getRevision(), request.getPhysical());
    propose(compact, observer, Result.Done.class, toProto::compaction);
  }

  @Override
  public void rangeStream(RangeRequest request, StreamObserver<RangeStreamResponse> observer) {
    try {
      Range range = FromProto.range(request);
      RangeStream.check(range);
      CallRoom.current().admit(range);
      boolean linearizable = !request.getSerializable();
      if (RangeStream.isSortedAtTheEnd(range)) {
        CallRoom room = CallRoom.current();
        node.read(
            CallerSession.current().caller(),
            range,
            linearizable,
            room,
            Reply.to(observer, room, Result.Range.class, this::onePart));
        return;
      }
      RangeStream.begin(
          node,
          toProto,
          maxRequestBytes,
          range,
          linearizable,
          (ServerCallStreamObserver<RangeStreamResponse>) observer);
    } catch (StatusRuntimeException e) {
      observer.onError(e);
    }
  }

  private RangeStreamResponse onePart(Result.Range result, long term) {
    return RangeStreamResponse.newBuilder().setRangeResponse(toProto.range(result, term)).build();
  }

  private <R extends Result, A> void propose(
      Command command,
      StreamObserver<A> observer,
      Class<R> kind,
      Reply.Translation<R, A> translation) {
    CallRoom room = CallRoom.current();
    Consumer<Outcome> reply = Reply.to(observer, room, kind, translation);
    metrics.proposalBegun();
    node.propose(
        CallerSession.current().caller(),
        WriteNameHeaders.current(),
        WriteNameHeaders.mayBeDone(),
        command,
        room,
        outcome -> {
          metrics.proposalEnded();
          reply.accept(outcome);
        });
  }

  private void fits(MessageLite request) {
    if (request.getSerializedSize() + ENTRY_OVERHEAD_BYTES > maxRequestBytes) {
      throw EtcdError.REQUEST_TOO_LARGE.exception();
    }
  }

  /**
   * As in etcd, a transaction with any other operation is proposed; a nested transaction counts as
   * other.
   */
  private static boolean onlyRanges(TxnRequest request) {
    return onlyRanges(request.getSuccessList()) && onlyRanges(request.getFailureList());
  }

  /** The ranges of a transaction that has nothing else. */
  private static Stream<Range> rangesOf(Command.Txn txn) {
    return Stream.of(txn.success(), txn.failure())
        .flatMap(List::stream)
        .filter(Range.class::isInstance)
        .map(Range.class::cast);
  }

  private static boolean onlyRanges(List<RequestOp> ops) {
    return ops.stream().allMatch(RequestOp::hasRequestRange);
  }

  /** A transaction without operations counts as serializable, as in etcd. */
  private static boolean serializable(TxnRequest request) {
    return serializable(request.getSuccessList()) && serializable(request.getFailureList());
  }

  private static boolean serializable(List<RequestOp> ops) {
    return ops.stream().allMatch(op -> op.getRequestRange().getSerializable());
  }
}
