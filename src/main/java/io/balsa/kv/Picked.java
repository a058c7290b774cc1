package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.kv.Range.SortOrder;
import io.balsa.kv.Range.SortTarget;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a range picks of the keys it comes across. Holds no more keys than the limit lets through,
 * and one more when they have to be sorted.
 */
final class Picked {
  private final Range range;

  /** The order in which the limit cuts; null for the order in which keys come. */
  private final @Nullable Comparator<KeyValue> cutting;

  /** What is picked: in the order of keys, or with the last one by {@code cutting} on top. */
  private final Collection<KeyValue> kept;

  private long bytes;
  private long passed;
  private long count;

  private Picked(Range range) {
    this.range = range;
    this.cutting = cutting(range);
    this.kept =
        cutting == null || range.limit() <= 0
            ? new ArrayList<>()
            : new PriorityQueue<>(cutting.reversed());
  }

  static Picked of(Range range) {
    return new Picked(range);
  }

  /** Takes a key that is in the range; looks at it only when it must. */
  void count(Supplier<KeyValue> row) {
    count++;
    if (range.countOnly()) {
      return;
    }
    if (cutting == null && !isFiltered() && isFull()) {
      passed++;
      return;
    }
    KeyValue kv = row.get();
    if (passes(kv)) {
      passed++;
      boolean bare = range.keysOnly() && range.target() != SortTarget.VALUE;
      pick(bare ? withoutValue(kv) : kv);
    }
  }

  private void pick(KeyValue kv) {
    if (kept instanceof PriorityQueue<KeyValue> sorted) {
      sorted.add(kv);
      bytes += Result.sizeOf(kv);
      if (sorted.size() > range.limit()) {
        bytes -= Result.sizeOf(sorted.remove());
      }
    } else if (!isFull()) {
      kept.add(kv);
      bytes += Result.sizeOf(kv);
    }
  }

  private boolean isFull() {
    long beyond = isSortedAfterCutting() ? 1 : 0;
    return range.limit() > 0 && kept.size() - beyond >= range.limit();
  }

  /** The bytes of what is held, as in an answer. */
  long bytes() {
    return bytes;
  }

  /** All keys in the range, whatever the limit and the filters. */
  long count() {
    return count;
  }

  /** Whether the limit cut something off. */
  boolean more() {
    return range.limit() > 0 && passed > range.limit();
  }

  List<KeyValue> kvs() {
    List<KeyValue> kvs = new ArrayList<>(kept);
    if (cutting != null) {
      kvs.sort(cutting);
    } else if (isSortedAfterCutting()) {
      kvs.sort(order(range.target(), SortOrder.ASCEND));
      if (more()) {
        kvs.removeLast();
      }
    }
    return range.keysOnly() ? withoutValues(kvs) : kvs;
  }

  /**
   * etcd's quirk: with a target and neither an order nor a filter it takes one key more than the
   * limit in key order, sorts these, and drops the last of them.
   */
  private boolean isSortedAfterCutting() {
    return range.order() == SortOrder.NONE && range.target() != SortTarget.KEY && !isFiltered();
  }

  private static @Nullable Comparator<KeyValue> cutting(Range range) {
    boolean byKey = range.target() == SortTarget.KEY;
    return switch (range.order()) {
      case NONE -> byKey || !isFiltered(range) ? null : order(range.target(), SortOrder.ASCEND);
      case ASCEND -> byKey ? null : order(range.target(), SortOrder.ASCEND);
      case DESCEND -> order(range.target(), SortOrder.DESCEND);
    };
  }

  private boolean isFiltered() {
    return isFiltered(range);
  }

  private static boolean isFiltered(Range range) {
    return range.minModRevision() != 0
        || range.maxModRevision() != 0
        || range.minCreateRevision() != 0
        || range.maxCreateRevision() != 0;
  }

  private boolean passes(KeyValue kv) {
    return isBetween(kv.modRevision(), range.minModRevision(), range.maxModRevision())
        && isBetween(kv.createRevision(), range.minCreateRevision(), range.maxCreateRevision());
  }

  private static boolean isBetween(long revision, long min, long max) {
    return (min == 0 || revision >= min) && (max == 0 || revision <= max);
  }

  /** Among equals the keys decide, so that every server answers alike. */
  private static Comparator<KeyValue> order(SortTarget target, SortOrder order) {
    Comparator<KeyValue> ascending =
        switch (target) {
          case KEY -> Comparator.comparing(KeyValue::key);
          case VERSION -> Comparator.comparingLong(KeyValue::version);
          case CREATE -> Comparator.comparingLong(KeyValue::createRevision);
          case MOD -> Comparator.comparingLong(KeyValue::modRevision);
          case VALUE -> Comparator.comparing(KeyValue::value);
        };
    Comparator<KeyValue> directed = order == SortOrder.DESCEND ? ascending.reversed() : ascending;
    return directed.thenComparing(KeyValue::key);
  }

  private static List<KeyValue> withoutValues(List<KeyValue> kvs) {
    kvs.replaceAll(Picked::withoutValue);
    return kvs;
  }

  static KeyValue withoutValue(KeyValue kv) {
    return new KeyValue(
        kv.key(), Bytes.EMPTY, kv.createRevision(), kv.modRevision(), kv.version(), kv.lease());
  }
}
