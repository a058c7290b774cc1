package io.balsa.rows;

import io.balsa.engine.Engine;
import io.balsa.model.KeyValue;
import io.balsa.model.Range;
import io.balsa.model.Span;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tombstones whose keys are not all swept, in order of revision. If several cover a key, the
 * oldest one deleted it. A look-up among none costs nothing.
 */
public final class Tombstones {
  /** None of them. */
  public static final Tombstones NONE = new Tombstones(List.of());

  private final List<Tombstone> pending;

  private Tombstones(List<Tombstone> pending) {
    this.pending = pending;
  }

  /** Those in a view of the ordered store. */
  public static Tombstones read(Engine.View view) {
    List<Tombstone> pending = new ArrayList<>();
    try (Engine.Cursor rows = view.scan(Layout.tombstonesStart(), Layout.tombstonesEnd())) {
      while (rows.next()) {
        pending.add(Tombstone.decode(Layout.revisionOf(rows.key()), rows.value()));
      }
    }
    return new Tombstones(List.copyOf(pending));
  }

  public List<Tombstone> pending() {
    return pending;
  }

  public boolean isEmpty() {
    return pending.isEmpty();
  }

  public int size() {
    return pending.size();
  }

  /** The revision of the oldest one; 0 when there is none. */
  public long oldest() {
    return pending.isEmpty() ? 0 : pending.getFirst().revision();
  }

  /**
   * A range that counts what a large deletion of a span deleted, as long as the revision before it
   * is not compacted.
   *
   * @param revision the revision that the deletion made
   * @return null when all of it is swept, or when it ended a lease
   */
  public @Nullable Range counting(long revision) {
    Tombstone tombstone = get(revision);
    if (tombstone == null || tombstone.isOfLease()) {
      return null;
    }
    Span span = tombstone.span();
    return Range.count(span.key(), span.rangeEnd(), revision - 1);
  }

  /** The tombstone that deleted a version that is stored as the newest one; null for none. */
  public @Nullable Tombstone over(KeyValue newest) {
    for (Tombstone tombstone : pending) {
      if (tombstone.covers(newest)) {
        return tombstone;
      }
    }
    return null;
  }

  /** Whether a version that is stored as the newest one is deleted. */
  public boolean cover(KeyValue newest) {
    return over(newest) != null;
  }

  /** Whether a version that is stored as the newest one was deleted at a revision or before it. */
  public boolean cover(KeyValue newest, long revision) {
    Tombstone tombstone = over(newest);
    return tombstone != null && tombstone.revision() <= revision;
  }

  /**
   * The first revision, from the given one on, whose changes to keys of a span are not all swept,
   * so that they cannot be sent to watchers yet; 0 for none.
   */
  public long firstUnswept(long from, Span span) {
    for (Tombstone tombstone : pending) {
      if (tombstone.revision() >= from && tombstone.touches(span)) {
        return tombstone.revision();
      }
    }
    return 0;
  }

  public @Nullable Tombstone get(long revision) {
    for (Tombstone tombstone : pending) {
      if (tombstone.revision() == revision) {
        return tombstone;
      }
    }
    return null;
  }

  /** With a newer one. */
  public Tombstones with(Tombstone newer) {
    List<Tombstone> all = new ArrayList<>(pending);
    all.add(newer);
    return new Tombstones(List.copyOf(all));
  }

  /** With another in the place of the one of its revision. */
  public Tombstones replacing(Tombstone changed) {
    List<Tombstone> all = new ArrayList<>(pending);
    all.replaceAll(each -> each.revision() == changed.revision() ? changed : each);
    return new Tombstones(List.copyOf(all));
  }

  public Tombstones without(long revision) {
    return new Tombstones(pending.stream().filter(each -> each.revision() != revision).toList());
  }

  /** The bytes that tombstones up to the compact revision have swept so far. */
  public long sweptBetween(long after, long upTo) {
    long bytes = 0;
    for (Tombstone tombstone : pending) {
      boolean passed = tombstone.revision() > after && tombstone.revision() <= upTo;
      bytes += passed ? tombstone.swept() : 0;
    }
    return bytes;
  }
}
