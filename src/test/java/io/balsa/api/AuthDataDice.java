package io.balsa.api;

import com.google.protobuf.ByteString;
import io.balsa.proto.etcdserverpb.AlarmRequest;
import io.balsa.proto.etcdserverpb.CompactionRequest;
import io.balsa.proto.etcdserverpb.Compare;
import io.balsa.proto.etcdserverpb.DefragmentRequest;
import io.balsa.proto.etcdserverpb.DeleteRangeRequest;
import io.balsa.proto.etcdserverpb.HashKVRequest;
import io.balsa.proto.etcdserverpb.LeaseGrantRequest;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveRequest;
import io.balsa.proto.etcdserverpb.LeaseLeasesRequest;
import io.balsa.proto.etcdserverpb.LeaseRevokeRequest;
import io.balsa.proto.etcdserverpb.LeaseTimeToLiveRequest;
import io.balsa.proto.etcdserverpb.MemberListRequest;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RequestOp;
import io.balsa.proto.etcdserverpb.StatusRequest;
import io.balsa.proto.etcdserverpb.TxnRequest;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchRequest;
import java.util.List;

/** Requests about keys, leases and the cluster that users may be allowed or not. */
final class AuthDataDice {
  private static final List<String> KEYS = List.of("a", "aa", "ab", "b", "bb", "c");
  private static final List<String> ENDS = List.of("\0", "\0", "b", "c", "d", "ab", "aa\0", "a\0");
  private static final List<Long> LEASES = List.of(1L, 2L, 3L, 4L);
  private static final int DEPTH_MAX = 2;

  private static final ByteString NO_END = ByteString.copyFromUtf8("\0");

  private final Die die;

  AuthDataDice(Die die) {
    this.die = die;
  }

  ByteString key() {
    int kind = die.upTo(100);
    if (kind < 2) {
      return ByteString.EMPTY;
    }
    return kind < 5 ? ByteString.copyFromUtf8("\0") : die.text(KEYS);
  }

  ByteString rangeEnd(int percent) {
    return die.chance(percent) ? die.text(ENDS) : ByteString.EMPTY;
  }

  /**
   * An end after the key, or none. Whether etcd allows a range without keys depends on the shape of
   * its tree of permissions. Balsa allows it if its first key is allowed; nothing is in it.
   */
  private ByteString endAfter(ByteString key, int percent) {
    ByteString end = rangeEnd(percent);
    boolean empty =
        !end.equals(NO_END)
            && ByteString.unsignedLexicographicalComparator().compare(key, end) >= 0;
    return empty ? ByteString.EMPTY : end;
  }

  private long lease() {
    return die.one(LEASES);
  }

  private Step.Call step(Rpc rpc, com.google.protobuf.Message request) {
    return new Step.Call(die.chance(8), rpc, request);
  }

  Step.Call call() {
    int kind = die.upTo(100);
    if (kind < 24) {
      return step(Rpc.PUT, put());
    } else if (kind < 46) {
      return step(Rpc.RANGE, range());
    } else if (kind < 56) {
      return step(Rpc.DELETE, delete());
    } else if (kind < 78) {
      return step(Rpc.TXN, txn(1));
    }
    return ofLeases();
  }

  private Step.Call ofLeases() {
    return switch (die.upTo(10)) {
      case 0, 1, 2 ->
          step(Rpc.GRANT, LeaseGrantRequest.newBuilder().setID(lease()).setTTL(3_600).build());
      case 3 -> step(Rpc.REVOKE, LeaseRevokeRequest.newBuilder().setID(lease()).build());
      case 4 -> step(Rpc.LEASES, LeaseLeasesRequest.getDefaultInstance());
      case 5, 6 ->
          new Step.Call(
              false, Rpc.KEEP_ALIVE, LeaseKeepAliveRequest.newBuilder().setID(lease()).build());
      default ->
          step(
              Rpc.TIME_TO_LIVE,
              LeaseTimeToLiveRequest.newBuilder().setID(lease()).setKeys(die.chance(70)).build());
    };
  }

  Step.Call maintenance() {
    return switch (die.upTo(6)) {
      case 0 -> step(Rpc.STATUS, StatusRequest.getDefaultInstance());
      case 1 -> step(Rpc.HASH_KV, HashKVRequest.getDefaultInstance());
      case 2 -> step(Rpc.ALARM, AlarmRequest.getDefaultInstance());
      case 3 ->
          step(
              Rpc.COMPACT,
              CompactionRequest.newBuilder()
                  .setRevision(1 + die.upTo(20))
                  .setPhysical(true)
                  .build());
      case 4 -> step(Rpc.DEFRAGMENT, DefragmentRequest.getDefaultInstance());
      default -> step(Rpc.MEMBERS, MemberListRequest.getDefaultInstance());
    };
  }

  WatchRequest watch() {
    ByteString key = key();
    return WatchRequest.newBuilder()
        .setCreateRequest(
            WatchCreateRequest.newBuilder()
                .setKey(key)
                .setRangeEnd(endAfter(key, 60))
                .setPrevKv(die.chance(30)))
        .build();
  }

  private PutRequest put() {
    return PutRequest.newBuilder()
        .setKey(key())
        .setValue(die.text(KEYS))
        .setPrevKv(die.chance(30))
        .setLease(die.chance(25) ? lease() : 0)
        .build();
  }

  private RangeRequest range() {
    ByteString key = key();
    return RangeRequest.newBuilder()
        .setKey(key)
        .setRangeEnd(endAfter(key, 50))
        .setSerializable(die.chance(20))
        .setCountOnly(die.chance(10))
        .build();
  }

  private DeleteRangeRequest delete() {
    ByteString key = key();
    return DeleteRangeRequest.newBuilder()
        .setKey(key)
        .setRangeEnd(endAfter(key, 40))
        .setPrevKv(die.chance(40))
        .build();
  }

  /** Never empty: etcd lets everybody send an empty one, Balsa only users. */
  private TxnRequest txn(int depth) {
    TxnRequest.Builder txn = TxnRequest.newBuilder();
    for (int i = die.upTo(3); i > 0; i--) {
      txn.addCompare(compare());
    }
    txn.addSuccess(op(depth));
    for (int i = die.upTo(2); i > 0; i--) {
      txn.addSuccess(op(depth));
    }
    for (int i = die.upTo(3); i > 0; i--) {
      txn.addFailure(op(depth));
    }
    return txn.build();
  }

  private RequestOp op(int depth) {
    RequestOp.Builder op = RequestOp.newBuilder();
    int kind = die.upTo(10);
    if (kind < 3) {
      return op.setRequestRange(range()).build();
    } else if (kind < 6) {
      return op.setRequestPut(put()).build();
    } else if (kind < 8 || depth > DEPTH_MAX) {
      return op.setRequestDeleteRange(delete()).build();
    }
    return op.setRequestTxn(txn(depth + 1)).build();
  }

  private Compare compare() {
    ByteString key = key();
    Compare.Builder compare =
        Compare.newBuilder().setKey(key).setRangeEnd(endAfter(key, 30)).setResultValue(die.upTo(4));
    return switch (die.upTo(3)) {
      case 0 -> compare.setTarget(Compare.CompareTarget.VALUE).setValue(die.text(KEYS)).build();
      case 1 -> compare.setTarget(Compare.CompareTarget.LEASE).setLease(0).build();
      default -> compare.setTarget(Compare.CompareTarget.VERSION).setVersion(0).build();
    };
  }
}
