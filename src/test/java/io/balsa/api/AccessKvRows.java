package io.balsa.api;

import static io.balsa.api.AccessBench.INNER;
import static io.balsa.api.AccessBench.OUTER;
import static io.balsa.api.AccessBench.utf8;
import static io.balsa.api.AccessNeed.LOGIN;
import static io.balsa.api.AccessNeed.OTHER_KEYS;
import static io.balsa.api.AccessNeed.READ;
import static io.balsa.api.AccessNeed.READ_AND_WRITE;
import static io.balsa.api.AccessNeed.ROOT;
import static io.balsa.api.AccessNeed.WRITE;

import com.google.protobuf.ByteString;
import io.balsa.proto.etcdserverpb.CompactionRequest;
import io.balsa.proto.etcdserverpb.Compare;
import io.balsa.proto.etcdserverpb.DeleteRangeRequest;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RequestOp;
import io.balsa.proto.etcdserverpb.TxnRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The rows of KV: reads and writes of keys between m and n, and of others. */
final class AccessKvRows {
  private static final int DEPTH = 5;
  private static final ByteString NO_END = ByteString.copyFrom(new byte[1]);
  private static final ByteString ONE_KEY = ByteString.EMPTY;

  private final List<AccessRow<?>> rows = new ArrayList<>();

  private AccessKvRows() {}

  static List<AccessRow<?>> all() {
    AccessKvRows made = new AccessKvRows();
    made.ranges();
    made.puts();
    made.deletions();
    made.transactions();
    made.rows.add(
        AccessRow.of(
            KVGrpc.getCompactMethod(),
            "",
            ROOT,
            CompactionRequest.newBuilder().setRevision(1).build()));
    return made.rows;
  }

  /** A range, and the right that it needs. */
  private record Extent(String what, ByteString key, ByteString end, boolean inside) {
    AccessNeed need(AccessNeed ifInside) {
      return inside ? ifInside : OTHER_KEYS;
    }
  }

  private static final List<Extent> EXTENTS =
      List.of(
          new Extent("a key", utf8(INNER), ONE_KEY, true),
          new Extent("another key", utf8(OUTER), ONE_KEY, false),
          new Extent("the key at the end of the right", utf8("n"), ONE_KEY, false),
          new Extent("the whole right", utf8("m"), utf8("n"), true),
          new Extent("a prefix in the right", utf8("m1"), utf8("m2"), true),
          new Extent("one key more at the end", utf8("m"), utf8("n\0"), false),
          new Extent("one key more at the start", utf8("l\u007f"), utf8("n"), false),
          new Extent("a range beside the right", utf8("n"), utf8("o"), false),
          new Extent("from a key on", utf8("m"), NO_END, false),
          new Extent("from the last key on", utf8("n"), NO_END, false),
          new Extent("the whole store", NO_END, NO_END, false));

  private void ranges() {
    for (Extent extent : EXTENTS) {
      RangeRequest plain = range(extent);
      RangeRequest serializable = plain.toBuilder().setSerializable(true).build();
      AccessNeed need = extent.need(READ);
      var method = KVGrpc.getRangeMethod();
      rows.add(AccessRow.of(method, extent.what(), need, plain));
      rows.add(AccessRow.of(method, extent.what() + ", serializable", need, serializable));
      var stream = KVGrpc.getRangeStreamMethod();
      rows.add(AccessRow.of(stream, extent.what(), need, plain));
      rows.add(AccessRow.of(stream, extent.what() + ", serializable", need, serializable));
    }
    RangeRequest other = RangeRequest.newBuilder().setKey(utf8(OUTER)).build();
    range("keys only", other.toBuilder().setKeysOnly(true).build());
    range("count only", other.toBuilder().setCountOnly(true).build());
    range("limit 1", other.toBuilder().setLimit(1).build());
    RangeRequest past = other.toBuilder().setRevision(2).build();
    rows.add(
        AccessRow.made(
            KVGrpc.getRangeMethod(),
            "past revision",
            OTHER_KEYS,
            (at, _) -> {
              at.put(OUTER, 0);
              return past;
            }));
    range(
        "sorted",
        other.toBuilder().setRangeEnd(NO_END).setSortTarget(RangeRequest.SortTarget.VALUE).build());
  }

  private void range(String what, RangeRequest request) {
    rows.add(AccessRow.of(KVGrpc.getRangeMethod(), what, OTHER_KEYS, request));
    rows.add(AccessRow.of(KVGrpc.getRangeStreamMethod(), what, OTHER_KEYS, request));
  }

  private static RangeRequest range(Extent extent) {
    return RangeRequest.newBuilder().setKey(extent.key()).setRangeEnd(extent.end()).build();
  }

  /** A put, made when the key and the leases that it needs are there. */
  private record Put(String what, AccessNeed need, Function<AccessBench, PutRequest> request) {}

  private static final List<Put> PUTS =
      List.of(
          new Put("plain", WRITE, _ -> put(INNER).build()),
          new Put("another key", OTHER_KEYS, _ -> put(OUTER).build()),
          new Put("prev_kv", READ_AND_WRITE, _ -> put(INNER).setPrevKv(true).build()),
          new Put("new lease", WRITE, at -> put(INNER).setLease(at.leaseOf("")).build()),
          new Put("own lease", WRITE, at -> put(INNER).setLease(at.leaseOf(INNER)).build()),
          new Put(
              "lease of other keys",
              OTHER_KEYS,
              at -> put(INNER).setLease(at.leaseOf(OUTER)).build()),
          new Put(
              "ignore_value", WRITE, at -> existing(at, put(INNER).setIgnoreValue(true).build())),
          new Put(
              "ignore_value with prev_kv",
              READ_AND_WRITE,
              at -> existing(at, put(INNER).setIgnoreValue(true).setPrevKv(true).build())),
          new Put(
              "ignore_value with a lease of other keys",
              OTHER_KEYS,
              at ->
                  existing(
                      at, put(INNER).setIgnoreValue(true).setLease(at.leaseOf(OUTER)).build())),
          new Put(
              "ignore_lease", WRITE, at -> existing(at, put(INNER).setIgnoreLease(true).build())),
          new Put(
              "ignore_lease of another key",
              OTHER_KEYS,
              at -> {
                long _ = at.leaseOf(OUTER);
                return put(OUTER).setIgnoreLease(true).build();
              }));

  private static PutRequest.Builder put(String key) {
    return PutRequest.newBuilder().setKey(utf8(key));
  }

  private static PutRequest existing(AccessBench at, PutRequest request) {
    at.put(INNER, 0);
    return request;
  }

  private void puts() {
    for (Put put : PUTS) {
      rows.add(
          AccessRow.made(
              KVGrpc.getPutMethod(), put.what(), put.need(), (at, _) -> put.request().apply(at)));
    }
    rows.add(
        AccessRow.of(KVGrpc.getPutMethod(), "unknown lease", WRITE, put(INNER).setLease(99).build())
            .failing("NOT_FOUND etcdserver: requested lease not found"));
  }

  private static DeleteRangeRequest deletion(Extent extent, boolean prevKv) {
    return DeleteRangeRequest.newBuilder()
        .setKey(extent.key())
        .setRangeEnd(extent.end())
        .setPrevKv(prevKv)
        .build();
  }

  private void deletions() {
    for (Extent extent : EXTENTS) {
      var method = KVGrpc.getDeleteRangeMethod();
      rows.add(AccessRow.of(method, extent.what(), extent.need(WRITE), deletion(extent, false)));
      AccessNeed both = extent.need(READ_AND_WRITE);
      rows.add(AccessRow.of(method, extent.what() + ", prev_kv", both, deletion(extent, true)));
    }
  }

  private void transactions() {
    // etcd lets everybody do this; here nobody without a login makes the servers work
    txn("without operations", LOGIN, _ -> TxnRequest.getDefaultInstance());
    for (Extent extent : EXTENTS) {
      Compare.Builder compare = Compare.newBuilder().setKey(extent.key()).setRangeEnd(extent.end());
      AccessNeed read = extent.need(READ);
      for (Compare.CompareTarget target :
          List.of(
              Compare.CompareTarget.VERSION,
              Compare.CompareTarget.CREATE,
              Compare.CompareTarget.MOD,
              Compare.CompareTarget.VALUE,
              Compare.CompareTarget.LEASE)) {
        TxnRequest txn = TxnRequest.newBuilder().addCompare(compare.setTarget(target)).build();
        txn("compare " + target + " of " + extent.what(), read, _ -> txn);
      }
      RangeRequest range = range(extent);
      RangeRequest old = range.toBuilder().setSerializable(true).build();
      operation("range of " + extent.what(), read, 2, _ -> op(range));
      operation("serializable range of " + extent.what(), read, 1, _ -> op(old));
      DeleteRangeRequest plain = deletion(extent, false);
      operation("deletion of " + extent.what(), extent.need(WRITE), 1, _ -> op(plain));
      DeleteRangeRequest told = deletion(extent, true);
      AccessNeed both = extent.need(READ_AND_WRITE);
      operation("deletion with prev_kv of " + extent.what(), both, 1, _ -> op(told));
    }
    nested();
  }

  /** Each kind of operation, in each branch, at each depth. */
  private void nested() {
    for (Put put : PUTS) {
      operation(
          "put, " + put.what(),
          put.need(),
          DEPTH,
          at -> RequestOp.newBuilder().setRequestPut(put.request().apply(at)).build());
    }
    for (Extent extent : EXTENTS.subList(0, 2)) {
      operation(
          "nested range of " + extent.what(), extent.need(READ), DEPTH, _ -> op(range(extent)));
      AccessNeed both = extent.need(READ_AND_WRITE);
      DeleteRangeRequest told = deletion(extent, true);
      operation("nested deletion with prev_kv of " + extent.what(), both, DEPTH, _ -> op(told));
      Compare compare = Compare.newBuilder().setKey(extent.key()).build();
      RequestOp inner =
          RequestOp.newBuilder().setRequestTxn(TxnRequest.newBuilder().addCompare(compare)).build();
      operation("compare of " + extent.what(), extent.need(READ), DEPTH, _ -> inner);
    }
  }

  private static RequestOp op(RangeRequest range) {
    return RequestOp.newBuilder().setRequestRange(range).build();
  }

  private static RequestOp op(DeleteRangeRequest deletion) {
    return RequestOp.newBuilder().setRequestDeleteRange(deletion).build();
  }

  private void operation(
      String what, AccessNeed need, int depth, Function<AccessBench, RequestOp> op) {
    for (int levels = 1; levels <= depth; levels++) {
      int deep = levels;
      for (boolean taken : new boolean[] {true, false}) {
        String where = " at depth " + deep + (taken ? "" : ", in the branch that is not taken");
        txn(what + where, need, at -> wrapped(op.apply(at), deep, taken));
      }
    }
  }

  /** An operation inside of transactions; without compares the first branch is taken. */
  private static TxnRequest wrapped(RequestOp op, int levels, boolean taken) {
    TxnRequest.Builder txn = TxnRequest.newBuilder();
    RequestOp inner =
        levels == 1
            ? op
            : RequestOp.newBuilder().setRequestTxn(wrapped(op, levels - 1, taken)).build();
    return taken ? txn.addSuccess(inner).build() : txn.addFailure(inner).build();
  }

  private void txn(String what, AccessNeed need, Function<AccessBench, TxnRequest> request) {
    rows.add(AccessRow.made(KVGrpc.getTxnMethod(), what, need, (at, _) -> request.apply(at)));
  }
}
