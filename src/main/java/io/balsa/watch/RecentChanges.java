package io.balsa.watch;

import io.balsa.bytes.Check;
import io.balsa.model.Changes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest changes, without a gap, so that who is only a little behind need not go to the store.
 * Bounded in number and bytes, with what was there before; a revision beyond that is not kept.
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

  /** A revision comes that is not kept: what was before it cannot be told from here any more. */
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

  /** Whether everything from a revision on is here. */
  boolean covers(long revision) {
    return !isEmpty() && revision >= first;
  }

  /**
   * Everything from a revision on, which is covered.
   *
   * @param compactRevision what was before is left out up to there, as the store has forgotten it
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
