package io.balsa.watch;

import io.balsa.bytes.Check;
import io.balsa.model.Changes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest changes, without a gap, for watchers that are only a little behind. They are bounded
 * in number and bytes, previous key-values included; a revision beyond the bound is not kept.
 */
final class RecentChanges {
  /** A power of two. */
  private static final int REVISIONS_MAX = 1 << 12;

  private final long bytesMax;
  private final @Nullable Changes[] ring = new Changes[REVISIONS_MAX];
  private long first = 1;
  private long last;
  private long bytes;

  RecentChanges(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  void add(Changes changes) {
    if (isEmpty()) {
      first = changes.revision();
    } else {
      Check.that(changes.revision() == last + 1, "recent changes have no gap");
    }
    if (changes.revision() - first >= REVISIONS_MAX) {
      forgetFirst();
    }
    last = changes.revision();
    ring[slot(last)] = changes;
    bytes += changes.bytes();
    while (bytes > bytesMax) {
      forgetFirst();
    }
  }

  /** A revision is not kept, so everything before it is dropped. */
  void skip(long revision) {
    clear();
    first = revision + 1;
    last = revision;
  }

  private boolean isEmpty() {
    return last < first;
  }

  private static int slot(long revision) {
    return (int) (revision & (REVISIONS_MAX - 1));
  }

  private void forgetFirst() {
    Changes oldest = ring[slot(first)];
    bytes -= oldest == null ? 0 : oldest.bytes();
    ring[slot(first)] = null;
    first++;
  }

  void clear() {
    while (!isEmpty()) {
      forgetFirst();
    }
  }

  /** Whether all changes from a revision on are here. */
  boolean covers(long revision) {
    return !isEmpty() && revision >= first;
  }

  /**
   * All changes from a revision on, which must be covered.
   *
   * @param compactRevision previous key-values up to it are left out, as the store lacks them, too
   */
  List<Changes> from(long revision, long compactRevision) {
    List<Changes> changes = new ArrayList<>();
    for (long r = revision; r <= last; r++) {
      Changes one = ring[slot(r)];
      Check.that(one != null, "recent changes have no gap");
      if (one != null) {
        changes.add(r - 1 < compactRevision ? one.withoutPrevious() : one);
      }
    }
    return changes;
  }
}
