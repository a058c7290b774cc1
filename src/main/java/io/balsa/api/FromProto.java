package io.balsa.api;

import com.google.protobuf.ByteString;
import io.balsa.bytes.Bytes;
import io.balsa.errors.EtcdError;
import io.balsa.model.Command;
import io.balsa.model.Compare;
import io.balsa.model.Compare.Operand;
import io.balsa.model.Compare.Relation;
import io.balsa.model.Range;
import io.balsa.model.RequestError;
import io.balsa.model.RequestRules;
import io.balsa.proto.etcdserverpb.DeleteRangeRequest;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RequestOp;
import io.balsa.proto.etcdserverpb.TxnRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Translates protobuf requests into the store's values. It checks each request in etcd's order; an
 * invalid one throws the exception of an {@link EtcdError}.
 */
final class FromProto {
  private static final Range.SortOrder[] ORDERS = Range.SortOrder.values();
  private static final Range.SortTarget[] TARGETS = Range.SortTarget.values();

  // conditions on the version, which is never negative, for values that etcd accepts and no client
  // sends
  private static final Operand BELOW_ANY = new Operand.Version(-1);
  private static final Operand LOWEST = new Operand.Version(0);

  private FromProto() {}

  static Bytes bytes(ByteString bytes) {
    return Bytes.wrap(bytes.toByteArray());
  }

  static Range range(RangeRequest request) {
    provided(request.getKey());
    return new Range(
        bytes(request.getKey()),
        bytes(request.getRangeEnd()),
        request.getLimit(),
        request.getRevision(),
        known(ORDERS, request.getSortOrderValue()),
        known(TARGETS, request.getSortTargetValue()),
        request.getKeysOnly(),
        request.getCountOnly(),
        request.getMinModRevision(),
        request.getMaxModRevision(),
        request.getMinCreateRevision(),
        request.getMaxCreateRevision());
  }

  private static void provided(ByteString key) {
    if (key.isEmpty()) {
      throw EtcdError.EMPTY_KEY.exception();
    }
  }

  private static <T> T known(T[] options, int number) {
    if (number < 0 || number >= options.length) {
      throw EtcdError.INVALID_SORT_OPTION.exception();
    }
    return options[number];
  }

  static Command.Put put(PutRequest request) {
    Command.Put put =
        new Command.Put(
            bytes(request.getKey()),
            bytes(request.getValue()),
            request.getLease(),
            request.getPrevKv(),
            request.getIgnoreValue(),
            request.getIgnoreLease());
    refuse(RequestRules.check(put));
    return put;
  }

  static Command.DeleteRange deleteRange(DeleteRangeRequest request) {
    provided(request.getKey());
    return new Command.DeleteRange(
        bytes(request.getKey()), bytes(request.getRangeEnd()), request.getPrevKv());
  }

  /**
   * @param maxOps the most comparisons and the most operations of a branch
   */
  static Command.Txn txn(TxnRequest request, int maxOps) {
    Command.Txn txn = parts(request, maxOps);
    refuse(RequestRules.check(txn, maxOps));
    return txn;
  }

  private static void refuse(@Nullable RequestError error) {
    if (error != null) {
      throw EtcdError.of(error).exception();
    }
  }

  /** Checks part by part, because etcd names the first of several faults. */
  private static Command.Txn parts(TxnRequest request, int maxOps) {
    int branches = Math.max(request.getSuccessCount(), request.getFailureCount());
    int most = Math.max(request.getCompareCount(), branches);
    if (most > maxOps) {
      throw EtcdError.TOO_MANY_OPS.exception();
    }
    List<Compare> compares = new ArrayList<>(request.getCompareCount());
    for (var compare : request.getCompareList()) {
      provided(compare.getKey());
      compares.add(compare(compare));
    }
    List<Command.Op> success = ops(request.getSuccessList(), maxOps - most);
    return new Command.Txn(compares, success, ops(request.getFailureList(), maxOps - most));
  }

  private static List<Command.Op> ops(List<RequestOp> requests, int maxOps) {
    List<Command.Op> ops = new ArrayList<>(requests.size());
    requests.forEach(request -> ops.add(op(request, maxOps)));
    return ops;
  }

  private static Command.Op op(RequestOp request, int maxOps) {
    return switch (request.getRequestCase()) {
      case REQUEST_RANGE -> range(request.getRequestRange());
      case REQUEST_PUT -> put(request.getRequestPut());
      case REQUEST_DELETE_RANGE -> deleteRange(request.getRequestDeleteRange());
      case REQUEST_TXN -> parts(request.getRequestTxn(), maxOps);
      case REQUEST_NOT_SET -> throw EtcdError.KEY_NOT_FOUND.exception();
    };
  }

  private static Compare compare(io.balsa.proto.etcdserverpb.Compare request) {
    Relation relation =
        switch (request.getResult()) {
          case EQUAL -> Relation.EQUAL;
          case GREATER -> Relation.GREATER;
          case LESS -> Relation.LESS;
          case NOT_EQUAL -> Relation.NOT_EQUAL;
          case UNRECOGNIZED -> null;
        };
    // in etcd an unknown relation holds for every key
    return relation == null
        ? compare(request, Relation.GREATER, BELOW_ANY)
        : compare(request, relation);
  }

  private static Compare compare(io.balsa.proto.etcdserverpb.Compare request, Relation relation) {
    return switch (request.getTarget()) {
      case VERSION -> compare(request, relation, new Operand.Version(request.getVersion()));
      case CREATE ->
          compare(request, relation, new Operand.CreateRevision(request.getCreateRevision()));
      case MOD -> compare(request, relation, new Operand.ModRevision(request.getModRevision()));
      case VALUE -> compare(request, relation, new Operand.Value(bytes(request.getValue())));
      case LEASE -> compare(request, relation, new Operand.Lease(request.getLease()));
      // in etcd an unknown target is equal to every operand
      case UNRECOGNIZED ->
          relation == Relation.EQUAL
              ? compare(request, Relation.GREATER, BELOW_ANY)
              : compare(request, Relation.LESS, LOWEST);
    };
  }

  private static Compare compare(
      io.balsa.proto.etcdserverpb.Compare request, Relation relation, Operand operand) {
    return new Compare(bytes(request.getKey()), bytes(request.getRangeEnd()), relation, operand);
  }
}
