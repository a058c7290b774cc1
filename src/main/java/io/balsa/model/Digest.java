package io.balsa.model;

import io.balsa.bytes.Bytes;
import java.nio.ByteBuffer;

/**
 * A hash of 64 bits over a sequence of numbers and byte strings, the same on every machine. It is
 * quick and finds accidents; it does not withstand an attacker.
 */
public final class Digest {
  private static final long P1 = 0x9E3779B185EBCA87L;
  private static final long P2 = 0xC2B2AE3D27D4EB4FL;
  private static final long P3 = 0x165667B19E3779F9L;

  private long state;

  public Digest(long start) {
    state = start + P3;
  }

  public Digest add(long value) {
    state = mixed(state, value);
    return this;
  }

  public Digest add(Bytes bytes) {
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

  public Digest add(KeyValue kv) {
    return add(kv.key())
        .add(kv.createRevision())
        .add(kv.modRevision())
        .add(kv.version())
        .add(kv.lease())
        .add(kv.value());
  }

  public Digest add(Lease lease) {
    return add(lease.id()).add(lease.ttl()).add(lease.grant()).add(lease.deadline());
  }

  /** Adds the {@link #shape} of a result. */
  public Digest add(Result result) {
    return add(shape(result));
  }

  /**
   * The hashed part of a result: its kind, revision, counts, flags and sizes. Its keys and values
   * are not hashed, because not every replica builds them. Where they differ, the stored state
   * differs too.
   */
  public static long shape(Result result) {
    long shape = mixed(P3, result.revision());
    return switch (result) {
      case Result.Range range ->
          rangeShape(
              range.revision(), range.count(), range.more(), range.kvs().size(), range.bytes());
      case Result.Put put -> mixed(shape, 2, put.previous() == null ? 0 : 1, put.bytes());
      case Result.DeleteRange delete ->
          mixed(mixed(shape, 3, delete.deleted()), delete.previous().size(), delete.bytes());
      case Result.Txn txn -> shape(shape, txn);
      case Result.Done _ -> mixed(shape, 5);
      case Result.Alarms alarms -> shape(shape, alarms);
      case Result.Refused refused -> mixed(shape, 7, refused.error().name().hashCode());
      case Result.LeaseGrant granted -> mixed(shape, 8, granted.id(), granted.ttl());
      case Result.LeaseTime time -> mixed(mixed(shape, 9, time.id()), time.left(), time.ttl());
      case Result.Leases leases -> mixed(shape, 10, leases.ids().size());
      case Result.Measured measured -> measured.shape();
      case Result.UnderWay _ -> mixed(shape, 11);
      case Result.Swept swept ->
          mixed(mixed(shape, 12, swept.tombstone()), swept.over() ? 1 : 0, swept.deleted());
    };
  }

  /** The shape of a range's answer. */
  static long rangeShape(long revision, long count, boolean more, int kvs, long bytes) {
    long shape = mixed(P3, revision);
    return mixed(mixed(shape, 1, count, more ? 1 : 0), kvs, bytes);
  }

  private static long shape(long begun, Result.Txn txn) {
    long shape = mixed(begun, 4, txn.succeeded() ? 1 : 0, txn.responses().size());
    for (Result response : txn.responses()) {
      shape = mixed(shape, shape(response));
    }
    return shape;
  }

  private static long shape(long begun, Result.Alarms alarms) {
    long shape = mixed(begun, 6, alarms.alarms().size());
    for (Alarm alarm : alarms.alarms()) {
      shape = mixed(shape, alarm.member(), alarm.kind().name().hashCode());
    }
    return shape;
  }

  private static long mixed(long state, long first, long second) {
    return mixed(mixed(state, first), second);
  }

  private static long mixed(long state, long first, long second, long third) {
    return mixed(mixed(state, first, second), third);
  }

  private static long mixed(long state, long value) {
    return Long.rotateLeft(state ^ (Long.rotateLeft(value * P2, 31) * P1), 27) * P1 + P3;
  }

  /** The hash so far. */
  public long value() {
    long mixed = (state ^ (state >>> 33)) * P2;
    mixed = (mixed ^ (mixed >>> 29)) * P3;
    return mixed ^ (mixed >>> 32);
  }
}
