package io.balsa.kv;

import io.balsa.bytes.Bytes;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A hash of 64 bits over a sequence of numbers and byte strings: quick, good against accidents,
 * none against malice. The same on every machine.
 */
final class Digest {
  private static final long P1 = 0x9E3779B185EBCA87L;
  private static final long P2 = 0xC2B2AE3D27D4EB4FL;
  private static final long P3 = 0x165667B19E3779F9L;

  private long state;

  Digest(long start) {
    state = start + P3;
  }

  Digest add(long value) {
    state = Long.rotateLeft(state ^ (Long.rotateLeft(value * P2, 31) * P1), 27) * P1 + P3;
    return this;
  }

  Digest add(Bytes bytes) {
    add(bytes.size());
    ByteBuffer in = bytes.buffer();
    while (in.remaining() >= Long.BYTES) {
      add(in.getLong());
    }
    long rest = 0;
    while (in.hasRemaining()) {
      rest = (rest << Byte.SIZE) | (in.get() & 0xff);
    }
    return add(rest);
  }

  Digest add(KeyValue kv) {
    return add(kv.key())
        .add(kv.createRevision())
        .add(kv.modRevision())
        .add(kv.version())
        .add(kv.lease())
        .add(kv.value());
  }

  Digest add(Lease lease) {
    return add(lease.id()).add(lease.ttl()).add(lease.grant()).add(lease.deadline());
  }

  Digest add(Result result) {
    add(result.revision());
    return switch (result) {
      case Result.Range range ->
          add(1).add(range.count()).add(range.more() ? 1 : 0).add(range.kvs());
      case Result.Put put -> add(2).addNullable(put.previous());
      case Result.DeleteRange delete -> add(3).add(delete.deleted()).add(delete.previous());
      case Result.Txn txn -> {
        add(4).add(txn.succeeded() ? 1 : 0).add(txn.responses().size());
        txn.responses().forEach(this::add);
        yield this;
      }
      case Result.Done _ -> add(5);
      case Result.Alarms alarms -> add(6).addAlarms(alarms.alarms());
      case Result.LeaseGrant granted -> add(8).add(granted.id()).add(granted.ttl());
      case Result.LeaseTime time -> {
        add(9).add(time.id()).add(time.left()).add(time.ttl()).add(time.keys().size());
        time.keys().forEach(this::add);
        yield this;
      }
      case Result.Leases leases -> {
        add(10).add(leases.ids().size());
        leases.ids().forEach(this::add);
        yield this;
      }
      case Result.Refused refused -> add(7).add(Bytes.utf8(refused.error().name()));
    };
  }

  private Digest add(List<KeyValue> kvs) {
    add(kvs.size());
    kvs.forEach(this::add);
    return this;
  }

  private Digest addNullable(@Nullable KeyValue kv) {
    return kv == null ? add(0) : add(1).add(kv);
  }

  private Digest addAlarms(List<Alarm> alarms) {
    add(alarms.size());
    alarms.forEach(alarm -> add(alarm.member()).add(Bytes.utf8(alarm.kind().name())));
    return this;
  }

  /** The hash so far. */
  long value() {
    long mixed = (state ^ (state >>> 33)) * P2;
    mixed = (mixed ^ (mixed >>> 29)) * P3;
    return mixed ^ (mixed >>> 32);
  }
}
