package io.balsa.attack;

import com.google.protobuf.ByteString;
import io.balsa.proto.etcdserverpb.Compare;
import io.balsa.proto.etcdserverpb.DeleteRangeRequest;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RequestOp;
import io.balsa.proto.etcdserverpb.TxnRequest;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchRequest;
import java.util.Collections;

/** The requests of the attacks. */
final class AttackRequests {
  /** The most operations of a transaction in etcd. */
  private static final int OPS_MAX = 128;

  private AttackRequests() {}

  static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  /** The end of all keys that begin with a text. */
  static ByteString endOf(String prefix) {
    int last = prefix.length() - 1;
    return bytes(prefix.substring(0, last) + (char) (prefix.charAt(last) + 1));
  }

  static RangeRequest.Builder all(String prefix) {
    return RangeRequest.newBuilder().setKey(bytes(prefix)).setRangeEnd(endOf(prefix));
  }

  static RangeRequest one(String key) {
    return RangeRequest.newBuilder().setKey(bytes(key)).build();
  }

  static PutRequest put(String key, ByteString value) {
    return PutRequest.newBuilder().setKey(bytes(key)).setValue(value).build();
  }

  static RequestOp op(PutRequest put) {
    return RequestOp.newBuilder().setRequestPut(put).build();
  }

  static RequestOp op(RangeRequest range) {
    return RequestOp.newBuilder().setRequestRange(range).build();
  }

  /** A put and one range. */
  static TxnRequest putAnd(PutRequest put, RangeRequest range) {
    return TxnRequest.newBuilder().addSuccess(op(put)).addSuccess(op(range)).build();
  }

  /** A put and the same range as often as a transaction allows. */
  static TxnRequest putAndManyTimes(PutRequest put, RangeRequest range) {
    return TxnRequest.newBuilder()
        .addSuccess(op(put))
        .addAllSuccess(Collections.nCopies(OPS_MAX - 1, op(range)))
        .build();
  }

  /** The most compares that a transaction allows, each over all keys of a prefix; all are true. */
  static TxnRequest manyCompares(String prefix, PutRequest put) {
    Compare holds =
        Compare.newBuilder()
            .setKey(bytes(prefix))
            .setRangeEnd(endOf(prefix))
            .setTarget(Compare.CompareTarget.VERSION)
            .setResult(Compare.CompareResult.GREATER)
            .setVersion(0)
            .build();
    return TxnRequest.newBuilder()
        .addAllCompare(Collections.nCopies(OPS_MAX - 1, holds))
        .addSuccess(op(put))
        .build();
  }

  static DeleteRangeRequest delete(String prefix, boolean prevKv) {
    return DeleteRangeRequest.newBuilder()
        .setKey(bytes(prefix))
        .setRangeEnd(endOf(prefix))
        .setPrevKv(prevKv)
        .build();
  }

  static WatchRequest watch(String key, long from) {
    return WatchRequest.newBuilder()
        .setCreateRequest(
            WatchCreateRequest.newBuilder()
                .setKey(bytes(key))
                .setStartRevision(from)
                .setPrevKv(true))
        .build();
  }
}
