package io.balsa.kv;

import io.balsa.bytes.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What applying a command or reading answered. */
public sealed interface Result {
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

  /** The command was refused and changed nothing. */
  record Refused(long revision, KvError error) implements Result {}

  /** Bytes that the result takes in memory, about: for bounds. */
  default long bytes() {
    return switch (this) {
      case Range range -> sizeOf(range.kvs());
      case Put put -> put.previous() == null ? 64 : sizeOf(List.of(put.previous()));
      case DeleteRange delete -> sizeOf(delete.previous());
      case Txn txn -> 64 + txn.responses().stream().mapToLong(Result::bytes).sum();
      case LeaseTime time -> 64 + time.keys().stream().mapToLong(key -> 64L + key.size()).sum();
      case Leases leases -> 64 + 32L * leases.ids().size();
      case Done _, Alarms _, LeaseGrant _, Refused _ -> 64;
    };
  }

  private static long sizeOf(List<KeyValue> kvs) {
    long bytes = 64;
    for (KeyValue kv : kvs) {
      bytes += 64L + kv.key().size() + kv.value().size();
    }
    return bytes;
  }
}
