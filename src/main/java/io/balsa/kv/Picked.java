package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.model.KeyValue;
import io.balsa.model.Range;
import io.balsa.model.Range.SortOrder;
import io.balsa.model.Range.SortTarget;
import io.balsa.model.Result;
import io.balsa.rows.AnswerBytes;
import io.balsa.rows.Rows;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a range picks. It holds no more keys than the limit, and no values that the range
 * does not ask for.
 */
final class Picked {
  private final Range range;
  private final AnswerBytes held;

  /** The order in which the limit cuts; null for the order in which keys come. */
  private final @Nullable Comparator<KeyValue> cutting;

  /**
   * The candidates when the limit cuts by another order than that of keys, the last one by {@code
   * cutting} on top; null otherwise.
   */
  private final @Nullable PriorityQueue<KeyValue> sorted;

  /** The keys picked in the order of keys. */
  private final List<KeyValue> kept = new ArrayList<>();

  private final boolean filtered;
  private final boolean valued;
  private long count;
  private long passed;

  /** Keys picked in the order of keys, held or not. */
  private long picked;

  // what the sorted ones take
  private long sortedBytes;
  private long passedBytes;
  private long largestBytes;

  Picked(Range range, AnswerBytes held) {
    this.range = range;
    this.held = held;
    this.filtered = isFiltered(range);
    this.valued = !range.keysOnly() || range.target() == SortTarget.VALUE;
    Comparator<KeyValue> cuts = cutting(range, filtered);
    this.cutting = cuts;
    this.sorted = cuts == null || range.limit() <= 0 ? null : new PriorityQueue<>(cuts.reversed());
  }

  /** Takes the key that rows stand on; looks at it only when it must. */
  void count(Rows rows) {
    count++;
    if (range.countOnly()) {
      return;
    }
    if (cutting == null && !filtered && isFull()) {
      passed++;
    } else if (!filtered || passes(range, rows.bare())) {
      passed++;
      pick(rows);
    }
  }

  private void pick(Rows rows) {
    if (sorted != null) {
      sort(rows, sorted);
    } else if (!isFull()) {
      picked++;
      if (held.take(size(rows.key(), valued ? rows.valueSize() : 0))) {
        kept.add(loaded(rows));
      }
    }
  }

  private KeyValue loaded(Rows rows) {
    return valued ? rows.row() : keyOnly(range, rows.bare());
  }

  /** Loads a value only if its key is among the first, or if the value decides that. */
  private void sort(Rows rows, PriorityQueue<KeyValue> first) {
    long size = size(rows.key(), valued ? rows.valueSize() : 0);
    passedBytes += size;
    largestBytes = Math.max(largestBytes, size);
    if (held.measures()) {
      return;
    }
    KeyValue row = range.target() == SortTarget.VALUE ? rows.row() : rows.bare();
    if (first.size() == range.limit()) {
      KeyValue last = first.element();
      if (order(range).compare(row, last) >= 0) {
        return;
      }
      first.remove();
      release(size(last.key(), last.value().size()));
    }
    sortedBytes += size;
    if (held.take(size)) {
      first.add(range.target() == SortTarget.VALUE ? row : loaded(rows));
    }
  }

  private void release(long bytes) {
    sortedBytes -= bytes;
    held.release(bytes);
  }

  private boolean isFull() {
    long beyond = isSortedAfterCutting() ? 1 : 0;
    return range.limit() > 0 && picked - beyond >= range.limit();
  }

  /** Bytes that a key takes in an answer. */
  static long size(Bytes key, int valueSize) {
    return Result.ROW_BYTES + key.size() + valueSize;
  }

  /** All keys have come. */
  void end() {
    if (sorted != null && held.measures()) {
      // which of them will be the first is not known, but no more than so many and so large ones
      boolean all = largestBytes > passedBytes / range.limit();
      held.estimate(sortedBytes, all ? passedBytes : largestBytes * range.limit());
    }
  }

  /** Whether further keys are only counted: the limit is reached, and nothing is sorted. */
  boolean isComplete() {
    return cutting == null && isFull();
  }

  /** Takes over the counts of another one that has reached the end of the same keys. */
  void countAs(Picked other) {
    count = other.count;
    passed = other.passed;
  }

  /** Drops all keys. */
  void drop() {
    kept.clear();
    if (sorted != null) {
      sorted.clear();
    }
  }

  /** All keys in the range, whatever the limit and the filters. */
  long count() {
    return count;
  }

  /** Whether the limit cut off any keys. */
  boolean more() {
    return range.limit() > 0 && passed > range.limit();
  }

  List<KeyValue> kvs() {
    if (sorted != null) {
      kept.addAll(sorted);
      sorted.clear();
    }
    if (cutting != null) {
      kept.sort(cutting);
    } else if (isSortedAfterCutting()) {
      kept.sort(order(range.target(), SortOrder.ASCEND));
      if (range.limit() > 0 && kept.size() > range.limit()) {
        kept.removeLast();
      }
    }
    if (range.keysOnly() && valued) {
      kept.replaceAll(kv -> keyOnly(range, kv));
    }
    return kept;
  }

  /**
   * etcd's quirk: with a target and neither an order nor a filter it takes one key more than the
   * limit in key order, sorts these, and drops the last of them.
   */
  private boolean isSortedAfterCutting() {
    return range.order() == SortOrder.NONE && range.target() != SortTarget.KEY && !filtered;
  }

  private static @Nullable Comparator<KeyValue> cutting(Range range, boolean filtered) {
    boolean byKey = range.target() == SortTarget.KEY;
    boolean comesSorted =
        switch (range.order()) {
          case NONE -> byKey || !filtered;
          case ASCEND -> byKey;
          case DESCEND -> false;
        };
    return comesSorted ? null : order(range);
  }

  static boolean isFiltered(Range range) {
    return range.minModRevision() != 0
        || range.maxModRevision() != 0
        || range.minCreateRevision() != 0
        || range.maxCreateRevision() != 0;
  }

  /** Whether the filters let a key through. */
  static boolean passes(Range range, KeyValue kv) {
    return isBetween(kv.modRevision(), range.minModRevision(), range.maxModRevision())
        && isBetween(kv.createRevision(), range.minCreateRevision(), range.maxCreateRevision());
  }

  private static boolean isBetween(long revision, long min, long max) {
    return (min == 0 || revision >= min) && (max == 0 || revision <= max);
  }

  private static Comparator<KeyValue> order(Range range) {
    return order(range.target(), range.order());
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

  /**
   * A key for a range without values. etcd reads these from its index, which has no lease, except
   * when it orders by value.
   */
  static KeyValue keyOnly(Range range, KeyValue kv) {
    return strip(kv, range.target() == SortTarget.VALUE ? kv.lease() : 0);
  }

  private static KeyValue strip(KeyValue kv, long lease) {
    return new KeyValue(
        kv.key(), Bytes.EMPTY, kv.createRevision(), kv.modRevision(), kv.version(), lease);
  }
}
