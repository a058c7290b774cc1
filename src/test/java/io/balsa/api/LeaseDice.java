package io.balsa.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.balsa.proto.etcdserverpb.Compare;
import io.balsa.proto.etcdserverpb.DeleteRangeRequest;
import io.balsa.proto.etcdserverpb.LeaseGrantRequest;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveRequest;
import io.balsa.proto.etcdserverpb.LeaseLeasesRequest;
import io.balsa.proto.etcdserverpb.LeaseRevokeRequest;
import io.balsa.proto.etcdserverpb.LeaseTimeToLiveRequest;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RequestOp;
import io.balsa.proto.etcdserverpb.TxnRequest;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * Leases that are granted, renewed, attached, detached, read and ended, with a watch of all keys.
 */
final class LeaseDice implements RandomSteps {
  private static final List<Long> IDS = List.of(1L, 2L, 3L, 4L, 5L, -7L, Long.MAX_VALUE);
  private static final List<Long> TIMES =
      List.of(600L, 601L, 3_600L, 9_000_000_000L, 9_000_000_001L, Long.MAX_VALUE);
  private static final List<Long> SHORT_TIMES =
      List.of(0L, 1L, 2L, 3L, 5L, -1L, Long.MIN_VALUE, 9_000_000_000L, 9_000_000_001L);
  private static final List<String> KEYS = List.of("a", "b", "c", "d", "e", "\0");
  private static final int WATCHER = 1;
  private static final int RENEWALS = 2;
  private static final int EXPIRIES_MAX = 3;

  private final Die die;
  private final boolean keysOnly;
  private final boolean leaseFirst;
  private boolean watching;
  private boolean renewing;
  private int expiries;

  LeaseDice(Reference etcd, long seed) {
    keysOnly = etcd.agreesOn(KnownDifference.LEASE_WITHOUT_VALUE);
    leaseFirst = etcd.agreesOn(KnownDifference.LEASE_BEFORE_KEY);
    die = new Die(seed);
  }

  @Override
  public void saw(Step step, String answer) {
    // the reference is not needed for ids and times
  }

  @Override
  public Step next() {
    if (!watching) {
      watching = true;
      return new Step.Open(WATCHER, die.chance(30), Rpc.WATCH, List.of(everything()));
    }
    boolean json = die.chance(15);
    int kind = die.upTo(1_000);
    if (kind < 150) {
      return new Step.Call(json, Rpc.GRANT, grant());
    } else if (kind < 260) {
      return new Step.Call(json, Rpc.REVOKE, LeaseRevokeRequest.newBuilder().setID(id()).build());
    } else if (kind < 480) {
      return new Step.Call(json, Rpc.PUT, put());
    } else if (kind < 600) {
      return new Step.Call(json, Rpc.TXN, txn());
    } else if (kind < 650) {
      return new Step.Call(json, Rpc.DELETE, delete());
    } else if (kind < 780) {
      return new Step.Call(json, Rpc.TIME_TO_LIVE, time());
    } else if (kind < 830) {
      return new Step.Call(json, Rpc.LEASES, LeaseLeasesRequest.getDefaultInstance());
    } else if (kind < 900) {
      return new Step.Call(json, Rpc.KEEP_ALIVE, renewal());
    } else if (kind < 930) {
      return renew();
    } else if (kind < 955) {
      return new Step.Brief(
          Rpc.GRANT, LeaseGrantRequest.newBuilder().setTTL(die.one(SHORT_TIMES)).build());
    } else if (kind < 960 && expiries < EXPIRIES_MAX) {
      return expire();
    }
    return new Step.Call(json, Rpc.RANGE, range());
  }

  private static Message everything() {
    ByteString from = ByteString.copyFrom(new byte[1]);
    return WatchRequest.newBuilder()
        .setCreateRequest(
            WatchCreateRequest.newBuilder().setKey(from).setRangeEnd(from).setPrevKv(true))
        .build();
  }

  private long id() {
    return die.chance(5) ? 0 : die.one(IDS);
  }

  private LeaseGrantRequest grant() {
    return LeaseGrantRequest.newBuilder().setID(die.one(IDS)).setTTL(die.one(TIMES)).build();
  }

  private ByteString key() {
    return die.chance(2) ? ByteString.EMPTY : die.text(KEYS);
  }

  private PutRequest put() {
    PutRequest.Builder put =
        PutRequest.newBuilder().setKey(key()).setLease(die.chance(75) ? id() : 0);
    put.setPrevKv(die.chance(30)).setIgnoreLease(die.chance(15));
    if (die.chance(15)) {
      put.setIgnoreValue(true);
    }
    if (!put.getIgnoreValue() || die.chance(10)) {
      put.setValue(die.text(KEYS));
    }
    if (put.getIgnoreLease() && die.chance(80)) {
      put.clearLease();
    }
    return put.getIgnoreValue() && !leaseFirst ? put.clearLease().build() : put.build();
  }

  private DeleteRangeRequest delete() {
    DeleteRangeRequest.Builder delete =
        DeleteRangeRequest.newBuilder().setKey(key()).setPrevKv(die.chance(50));
    return die.chance(30) ? delete.setRangeEnd(die.text(KEYS)).build() : delete.build();
  }

  private RangeRequest range() {
    ByteString from = ByteString.copyFrom(new byte[1]);
    return die.chance(50)
        ? RangeRequest.newBuilder()
            .setKey(from)
            .setRangeEnd(from)
            .setKeysOnly(keysOnly && die.chance(10))
            .setSortTargetValue(die.chance(20) ? die.upTo(5) : 0)
            .build()
        : RangeRequest.newBuilder().setKey(key()).setKeysOnly(keysOnly && die.chance(30)).build();
  }

  private LeaseTimeToLiveRequest time() {
    return LeaseTimeToLiveRequest.newBuilder().setID(id()).setKeys(die.chance(70)).build();
  }

  private LeaseKeepAliveRequest renewal() {
    return LeaseKeepAliveRequest.newBuilder().setID(id()).build();
  }

  private Step renew() {
    if (!renewing) {
      renewing = true;
      return new Step.Open(RENEWALS, false, Rpc.KEEP_ALIVE, List.of(renewal()));
    }
    return new Step.Say(RENEWALS, renewal());
  }

  private Step expire() {
    expiries++;
    List<String> keys = new ArrayList<>();
    for (int i = die.upTo(4); i > 0; i--) {
      keys.add(die.one(KEYS));
    }
    return new Step.Expire(100 + expiries, keys);
  }

  private TxnRequest txn() {
    TxnRequest.Builder txn = TxnRequest.newBuilder();
    if (die.chance(70)) {
      txn.addCompare(
          Compare.newBuilder()
              .setKey(key())
              .setTarget(Compare.CompareTarget.LEASE)
              .setResultValue(die.upTo(4))
              .setLease(id()));
    }
    for (int i = die.upTo(3); i > 0; i--) {
      txn.addSuccess(op());
      txn.addFailure(op());
    }
    return txn.build();
  }

  private RequestOp op() {
    RequestOp.Builder op = RequestOp.newBuilder();
    return die.chance(70)
        ? op.setRequestPut(put()).build()
        : op.setRequestDeleteRange(delete()).build();
  }
}
