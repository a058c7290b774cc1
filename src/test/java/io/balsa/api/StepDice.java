package io.balsa.api;

import com.google.protobuf.ByteString;
import io.balsa.proto.etcdserverpb.CompactionRequest;
import io.balsa.proto.etcdserverpb.Compare;
import io.balsa.proto.etcdserverpb.DeleteRangeRequest;
import io.balsa.proto.etcdserverpb.HashKVRequest;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RequestOp;
import io.balsa.proto.etcdserverpb.TxnRequest;
import java.util.List;
import java.util.Random;

/**
 * Random requests about ten keys; some requests are invalid. There are only ten keys because Go
 * sorts up to twelve rows stably, so rows that compare equal have one order.
 */
final class StepDice implements RandomSteps {
  private static final List<ByteString> KEYS =
      List.of(
          text("a"),
          text("aa"),
          text("ab"),
          text("b"),
          text("b\0"),
          text("c"),
          bytes(0x7f),
          bytes(0x80),
          bytes(0xff),
          bytes(0xff, 0xff));
  private static final List<ByteString> VALUES =
      List.of(ByteString.EMPTY, text("x"), text("y"), text("z"), bytes(0), text("<longer> & more"));

  private static final List<Long> ODD_REVISIONS =
      List.of(-1L, -1L, Long.MIN_VALUE, Long.MAX_VALUE, 1L);
  private static final List<Long> NO_LEASES = List.of(7L, -1L, Long.MAX_VALUE);
  private static final List<Long> ODD_LIMITS =
      List.of(-1L, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32);

  private final Random random;
  private long revision = 1;
  private long compacted;

  private final Reference etcd;

  // see KnownDifference.FIRST_ERROR
  private boolean faultyPuts = true;
  private boolean oldRevisions;

  StepDice(Reference etcd, long seed) {
    this.etcd = etcd;
    random = new Random(seed);
  }

  private static ByteString text(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private static ByteString bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return ByteString.copyFrom(bytes);
  }

  /** Takes the reference's answer, so that the next requests use revisions near its own. */
  @Override
  public void saw(Step step, String answer) {
    revision = Math.max(revision, Anonymous.revisionIn(answer));
    boolean well = answer.startsWith("ok") || answer.startsWith("http 200");
    if (well
        && step instanceof Step.Call call
        && call.request() instanceof CompactionRequest compaction) {
      compacted = compaction.getRevision();
    }
  }

  long compacted() {
    return compacted;
  }

  long revision() {
    return revision;
  }

  @Override
  public Step.Call next() {
    boolean json = chance(12);
    int kind = random.nextInt(100);
    faultyPuts = kind < 30 || chance(50);
    oldRevisions = !faultyPuts || etcd.agreesOn(KnownDifference.FIRST_ERROR);
    if (kind < 30) {
      return new Step.Call(json, Rpc.PUT, put());
    }
    if (kind < 60) {
      oldRevisions = true;
      return kind < 36 ? newer(json) : new Step.Call(json, Rpc.RANGE, range());
    }
    if (kind < 68) {
      return new Step.Call(json, Rpc.DELETE, delete());
    }
    if (kind < 98) {
      return new Step.Call(json, Rpc.TXN, txn(0));
    }
    return new Step.Call(json, Rpc.COMPACT, compact());
  }

  /** A request that only a newer etcd answers. */
  private Step.Call newer(boolean json) {
    if (chance(50) && etcd.agreesOn(KnownDifference.RANGE_STREAM)) {
      RangeRequest range = range();
      boolean unordered = range.getSortOrder() == RangeRequest.SortOrder.NONE;
      return new Step.Call(
          false,
          Rpc.RANGE_STREAM,
          // etcd sorts, then counts on from the last key: with a limit its count is wrong
          unordered && range.getSortTargetValue() > 0
              ? range.toBuilder().clearLimit().build()
              : range);
    }
    if (etcd.agreesOn(KnownDifference.KEPT_HASHES)) {
      return new Step.Call(
          json, Rpc.HASH_KV, HashKVRequest.newBuilder().setRevision(oldRevision()).build());
    }
    return new Step.Call(json, Rpc.RANGE, range());
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private ByteString key() {
    return chance(1) ? ByteString.EMPTY : one(KEYS);
  }

  private ByteString rangeEnd(int percent) {
    if (!chance(percent)) {
      return ByteString.EMPTY;
    }
    return chance(30) ? bytes(0) : one(KEYS);
  }

  private long oldRevision() {
    if (!oldRevisions || chance(70)) {
      return 0;
    }
    return switch (random.nextInt(8)) {
      case 0 -> revision + random.nextInt(3);
      case 1 -> one(ODD_REVISIONS);
      case 2 -> compacted;
      case 3 -> compacted - 1;
      default -> Math.max(1, revision - random.nextInt(12));
    };
  }

  private long bound() {
    if (chance(85)) {
      return 0;
    }
    return chance(10) ? one(ODD_REVISIONS) : Math.max(0, revision - random.nextInt(20));
  }

  private RangeRequest range() {
    RangeRequest.Builder range =
        RangeRequest.newBuilder()
            .setKey(key())
            .setRangeEnd(rangeEnd(65))
            .setRevision(oldRevision())
            .setSerializable(chance(20))
            .setKeysOnly(chance(10))
            .setCountOnly(chance(8))
            .setMinModRevision(bound())
            .setMaxModRevision(bound())
            .setMinCreateRevision(bound())
            .setMaxCreateRevision(bound());
    if (chance(30)) {
      range.setLimit(chance(10) ? one(ODD_LIMITS) : random.nextInt(6));
    }
    if (chance(40)) {
      range.setSortOrderValue(random.nextInt(3)).setSortTargetValue(random.nextInt(5));
      if (chance(3) && etcd.agreesOn(KnownDifference.UNKNOWN_SORT)) {
        range.setSortTargetValue(5);
      }
    }
    return range.build();
  }

  private PutRequest put() {
    PutRequest.Builder put =
        PutRequest.newBuilder().setKey(key()).setValue(one(VALUES)).setPrevKv(chance(30));
    if (!faultyPuts) {
      return put.build();
    }
    if (chance(6)) {
      put.setIgnoreValue(true);
      if (chance(80)) {
        put.clearValue();
      }
    }
    put.setLease(chance(3) ? one(NO_LEASES) : 0).setIgnoreLease(chance(5));
    boolean clear = put.getIgnoreValue() && !etcd.agreesOn(KnownDifference.LEASE_BEFORE_KEY);
    return clear ? put.clearLease().build() : put.build();
  }

  private DeleteRangeRequest delete() {
    return DeleteRangeRequest.newBuilder()
        .setKey(key())
        .setRangeEnd(rangeEnd(40))
        .setPrevKv(chance(40))
        .build();
  }

  private CompactionRequest compact() {
    long at = chance(6) ? one(ODD_REVISIONS) : Math.max(0, revision - random.nextInt(10) + 2);
    boolean hashed = etcd.agreesOn(KnownDifference.KEPT_HASHES); // kept when history is removed
    return CompactionRequest.newBuilder()
        .setRevision(hashed && at == 0 ? 1 : at)
        .setPhysical(hashed || chance(30))
        .build();
  }

  private TxnRequest txn(int depth) {
    TxnRequest.Builder txn = TxnRequest.newBuilder();
    for (int i = random.nextInt(3); i > 0; i--) {
      txn.addCompare(compare());
    }
    boolean onlyReads = chance(20);
    for (int i = random.nextInt(4); i > 0; i--) {
      txn.addSuccess(op(depth, onlyReads));
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      txn.addFailure(op(depth, onlyReads));
    }
    if (depth == 0 && chance(1)) {
      for (int i = 0; i < 129; i++) {
        txn.addFailure(op(2, true));
      }
    }
    return txn.build();
  }

  private RequestOp op(int depth, boolean onlyReads) {
    RequestOp.Builder op = RequestOp.newBuilder();
    int kind = onlyReads ? 0 : random.nextInt(100);
    if (kind < 25) {
      return op.setRequestRange(range()).build();
    }
    if (kind < 70) {
      return op.setRequestPut(put()).build();
    }
    if (kind < 85) {
      return op.setRequestDeleteRange(delete()).build();
    }
    return kind < 99 && depth < 2 ? op.setRequestTxn(txn(depth + 1)).build() : op.build();
  }

  private Compare compare() {
    Compare.Builder compare =
        Compare.newBuilder()
            .setKey(key())
            .setRangeEnd(rangeEnd(25))
            .setResultValue(random.nextInt(4))
            .setTargetValue(random.nextInt(5));
    long near = Math.max(0, revision - random.nextInt(10));
    switch (random.nextInt(6)) {
      case 0 -> compare.setVersion(random.nextInt(4));
      case 1 -> compare.setCreateRevision(chance(40) ? 0 : near);
      case 2 -> compare.setModRevision(chance(40) ? 0 : near);
      case 3, 4 -> compare.setValue(one(VALUES));
      default -> compare.setLease(chance(70) ? 0 : 7);
    }
    return compare.build();
  }
}
