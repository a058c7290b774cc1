package io.balsa.kv;

import io.balsa.bytes.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What applying a command or reading answered. */
public sealed interface Result {
  /** What an answer takes that holds no keys. */
  long EMPTY_BYTES = 64;

  /** The store's revision when it was answered: what goes into etcd's response header. */
  long revision();

  /** Answers {@link Range}. */
  record Range(long revision, List<KeyValue> kvs, boolean more, long count) implements Result {}

  /** Answers {@link Command.Put}; {@code previous} only when asked for and there was one. */
  record Put(long revision, @Nullable KeyValue previous) implements Result {}

  /** Answers {@link Command.DeleteRange}; {@code previous} only when asked for. */
  record DeleteRange(long revision, long deleted, List<KeyValue> previous) implements Result {}

  /** Answers {@link Command.Txn}, one response for each operation done. */
  record Txn(long revision, boolean succeeded, List<Result> responses) implements Result {}

  /** Answers what has nothing more to say. */
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
   * @param keys those that hang on it, when asked for, in their order
   */
  record LeaseTime(long revision, long id, long left, long ttl, List<Bytes> keys)
      implements Result {}

  /** Answers which leases there are, in ascending unsigned order. */
  record Leases(long revision, List<Long> ids) implements Result {}

  /**
   * Stands for an answer with keys in it that nobody waits for here: it was measured, not built.
   *
   * @param bytes as those of the answer
   * @param shape what is hashed of the answer
   */
  record Measured(long revision, long bytes, long shape) implements Result {
    static Measured of(Result result) {
      return new Measured(result.revision(), result.bytes(), Digest.shape(result));
    }
  }

  /** The command was refused and changed nothing. */
  record Refused(long revision, KvError error) implements Result {}

  /** Bytes that the result takes in memory, about: for bounds. */
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
      case Done _, Alarms _, LeaseGrant _, Refused _ -> 64;
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

  /** Bytes that a key takes in an answer, about. */
  static long sizeOf(KeyValue kv) {
    return Held.ROW_BYTES + kv.key().size() + kv.value().size();
  }
}
