package io.balsa.auth;

import io.balsa.bytes.Bytes;
import io.balsa.model.Permission;
import io.balsa.model.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A union of ranges of keys, as disjoint ranges that do not touch, in their order. So a range lies
 * in the union if and only if it lies in one of them.
 */
final class KeyUnion {
  private static final Comparator<Permission> BY_KEY = Comparator.comparing(Permission::key);

  private final Bytes[] starts;

  /** Exclusive; null for no end, which only the last one may have. */
  private final @Nullable Bytes[] ends;

  private KeyUnion(Bytes[] starts, @Nullable Bytes[] ends) {
    this.starts = starts;
    this.ends = ends;
  }

  /**
   * The union of the ranges of permissions.
   *
   * @param writes those to write; otherwise those to read
   */
  static KeyUnion of(List<Permission> permissions, boolean writes) {
    List<Permission> sorted = new ArrayList<>();
    for (Permission each : permissions) {
      if (writes ? each.kind().writes() : each.kind().reads()) {
        sorted.add(each);
      }
    }
    sorted.sort(BY_KEY);
    Bytes[] starts = new Bytes[sorted.size()];
    @Nullable Bytes[] ends = new Bytes[sorted.size()];
    int count = 0;
    for (Permission each : sorted) {
      Bytes end = endOf(each.key(), each.rangeEnd());
      if (end != null && end.compareTo(each.key()) <= 0) {
        continue;
      }
      if (count > 0 && reaches(ends[count - 1], each.key())) {
        ends[count - 1] = later(ends[count - 1], end);
      } else {
        starts[count] = each.key();
        ends[count] = end;
        count++;
      }
    }
    return new KeyUnion(Arrays.copyOf(starts, count), Arrays.copyOf(ends, count));
  }

  /** The exclusive end of a range; null for none. */
  private static @Nullable Bytes endOf(Bytes key, Bytes rangeEnd) {
    if (rangeEnd.isEmpty()) {
      return key.next();
    }
    return Span.isNoEnd(rangeEnd) ? null : rangeEnd;
  }

  private static boolean reaches(@Nullable Bytes end, Bytes key) {
    return end == null || end.compareTo(key) >= 0;
  }

  private static @Nullable Bytes later(@Nullable Bytes a, @Nullable Bytes b) {
    if (a == null || b == null) {
      return null;
    }
    return a.compareTo(b) >= 0 ? a : b;
  }

  /**
   * Whether all keys of a range are in it. A range without keys must begin in it.
   *
   * @param rangeEnd as in {@link io.balsa.model.Range}
   */
  boolean covers(Bytes key, Bytes rangeEnd) {
    int place = Arrays.binarySearch(starts, key);
    int last = place >= 0 ? place : -place - 2;
    if (last < 0) {
      return false;
    }
    Bytes end = ends[last];
    if (end == null) {
      return true;
    }
    return key.compareTo(end) < 0
        && (rangeEnd.isEmpty() || (!Span.isNoEnd(rangeEnd) && rangeEnd.compareTo(end) <= 0));
  }

  /** Whether all keys that are attached to a lease are in it; asks once for each gap. */
  boolean coversAll(long lease, AttachedKeys attached) {
    Bytes from = Bytes.EMPTY;
    for (int i = 0; i < starts.length; i++) {
      if (from.compareTo(starts[i]) < 0 && attached.hasKeyIn(lease, from, starts[i])) {
        return false;
      }
      Bytes end = ends[i];
      if (end == null) {
        return true;
      }
      from = end;
    }
    return !attached.hasKeyIn(lease, from, null);
  }
}
