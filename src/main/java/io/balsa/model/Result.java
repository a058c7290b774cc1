package io.balsa.model;

import io.balsa.bytes.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The result of a command or of a read. */
public sealed interface Result {
  /**
   * About how many bytes a key takes beside its own and its value's: objects here and in the
   * answer.
   */
  long ROW_BYTES = 256;

  /** The bytes of an answer without keys. */
  long EMPTY_BYTES = 64;

  /** The store's revision when it was answered: what goes into etcd's response header. */
  long revision();

  /** Answers {@link Range}. */
  record Range(long revision, List<KeyValue> kvs, boolean more, long count) implements Result {}

  /** Answers {@link Command.Put}; {@code previous} only when asked for and there was one. */
  record Put(long revision, @Nullable KeyValue previous) implements Result {}

  /** Answers {@link Command.DeleteRange}; {@code previous} only when asked for. */
  record DeleteRange(long revision, long deleted, List<KeyValue> previous) implements Result {}

  /**
   * Stands for the answer to a {@link Command.DeleteRange}, {@link Command.LeaseRevoke} or {@link
   * Command.LeaseExpire} that deletes too much for one entry. All keys are deleted at the revision;
   * {@link Swept} gives their number later.
   *
   * @param revision the revision that the deletion made
   */
  record UnderWay(long revision) implements Result {}

  /**
   * Answers {@link Command.Sweep}, when there was something to sweep.
   *
   * @param tombstone the revision of the deletion whose keys were swept
   * @param over whether all of them are swept now
   * @param deleted how many keys are swept so far
   */
  record Swept(long revision, long tombstone, boolean over, long deleted) implements Result {}

  /** Answers {@link Command.Txn}, one response for each operation done. */
  record Txn(long revision, boolean succeeded, List<Result> responses) implements Result {}

  /** Answers a command whose answer has the revision alone. */
  record Done(long revision) implements Result {}

  /** Answers {@link Command.SetAlarm}: the alarms raised or cleared by it. */
  record Alarms(long revision, List<Alarm> alarms) implements Result {}

  /** Answers {@link Command.LeaseGrant}; {@code ttl} in seconds. */
  record LeaseGrant(long revision, long id, long ttl) implements Result {}

  /**
   * Answers what is left of a lease.
   *
   * @param left in seconds; negative when there is no such lease
   * @param ttl its whole time, in seconds; 0 when there is no such lease
   * @param keys the keys attached to it, when asked for, in their order
   */
  record LeaseTime(long revision, long id, long left, long ttl, List<Bytes> keys)
      implements Result {}

  /** Answers which leases there are, in ascending unsigned order. */
  record Leases(long revision, List<Long> ids) implements Result {}

  /**
   * Stands for an answer with keys for which no client waits at this server: it was measured and
   * not built.
   *
   * @param bytes the bytes of the answer
   * @param shape the hashed part of the answer
   * @param wrote as {@link Result#wrote} of the answer
   */
  record Measured(long revision, long bytes, long shape, boolean wrote) implements Result {
    public static Measured of(Result result) {
      return new Measured(result.revision(), result.bytes(), Digest.shape(result), result.wrote());
    }

    /** The answer to a range of a key that is there and was not read whole. */
    public static Measured one(long revision, Seen seen) {
      long bytes = EMPTY_BYTES + ROW_BYTES + seen.size();
      return new Measured(revision, bytes, Digest.rangeShape(revision, 1, false, 1, bytes), false);
    }
  }

  /** The command was refused and changed nothing. */
  record Refused(long revision, KvError error) implements Result {}

  /** About how many bytes the result takes in memory: for bounds. */
  default long bytes() {
    return switch (this) {
      case Range range -> sizeOf(range.kvs());
      case Put(long _, KeyValue previous) ->
          previous == null ? EMPTY_BYTES : EMPTY_BYTES + sizeOf(previous);
      case DeleteRange delete -> sizeOf(delete.previous());
      case Txn txn -> sumOf(txn.responses());
      case Measured measured -> measured.bytes();
      case LeaseTime time -> 64 + time.keys().stream().mapToLong(key -> 64L + key.size()).sum();
      case Leases leases -> 64 + 32L * leases.ids().size();
      case Done _, Alarms _, LeaseGrant _, Refused _, UnderWay _, Swept _ -> 64;
    };
  }

  /** How many of the {@link #bytes} are in memory, without those that were only measured. */
  default long builtBytes() {
    return switch (this) {
      case Measured _ -> EMPTY_BYTES;
      case Txn txn -> {
        long built = EMPTY_BYTES;
        for (Result response : txn.responses()) {
          built += response.builtBytes();
        }
        yield built;
      }
      default -> bytes();
    };
  }

  /** Whether all of it is in memory, so that a client can get it. */
  default boolean isBuilt() {
    return switch (this) {
      case Measured _ -> false;
      case Txn txn -> txn.responses().stream().allMatch(Result::isBuilt);
      default -> true;
    };
  }

  /** Whether the command changed something. */
  default boolean wrote() {
    return switch (this) {
      case Txn txn -> txn.responses().stream().anyMatch(Result::wrote);
      case DeleteRange delete -> delete.deleted() > 0;
      case Range _, Refused _, LeaseTime _, Leases _ -> false;
      case Measured measured -> measured.wrote;
      case Put _, Done _, Alarms _, LeaseGrant _, UnderWay _, Swept _ -> true;
    };
  }

  private static long sizeOf(List<KeyValue> kvs) {
    long bytes = EMPTY_BYTES;
    for (KeyValue kv : kvs) {
      bytes += sizeOf(kv);
    }
    return bytes;
  }

  private static long sumOf(List<Result> responses) {
    long bytes = EMPTY_BYTES;
    for (Result response : responses) {
      bytes += response.bytes();
    }
    return bytes;
  }

  /** About how many bytes a key takes in an answer. */
  static long sizeOf(KeyValue kv) {
    return ROW_BYTES + kv.key().size() + kv.value().size();
  }
}
