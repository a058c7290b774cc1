package io.balsa.rows;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;
import io.balsa.model.KeyValue;
import io.balsa.model.Seen;
import io.balsa.model.Span;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The keys in a view of the ordered store.
 *
 * @param tombstones the deletions whose keys are still stored in the view as newest versions
 */
public record ViewKeyspace(
    Engine.View view, Octets octets, long revision, long compactRevision, Tombstones tombstones)
    implements Keyspace {
  @Override
  public @Nullable KeyValue newest(Bytes key) {
    KeyValue kv = storedNewest(key);
    return kv == null || isDeleted(kv) ? null : kv;
  }

  @Override
  public @Nullable Seen glance(Bytes key) {
    Seen seen = storedNewest(key, new Head(octets));
    return seen == null || isDeleted(seen.kv()) ? null : seen;
  }

  /** The version that is stored as the newest one, though a tombstone may have deleted it. */
  public @Nullable KeyValue storedNewest(Bytes key) {
    Bytes row = view.get(Layout.current(key));
    return row == null ? null : Row.decode(key, row);
  }

  /**
   * As {@link #storedNewest(Bytes)}, without the value where that is large.
   *
   * @param head reads it, and has it read until it reads another
   */
  public @Nullable Seen storedNewest(Bytes key, Head head) {
    int size = view.peek(Layout.current(key), head.octets());
    return size == Engine.NONE ? null : head.newest(size).seen(key);
  }

  @Override
  public KeyValue load(Seen seen) {
    if (seen.isWhole()) {
      return seen.kv();
    }
    Bytes key = seen.kv().key();
    KeyValue kv = storedNewest(key);
    KeyValue found = kv != null && seen.isOf(kv) ? kv : superseded(key, seen.kv().modRevision());
    return Objects.requireNonNull(found, "a view does not lose a row");
  }

  /** A version that is not the newest one, by the revision that made it. */
  public @Nullable KeyValue superseded(Bytes key, long revision) {
    Bytes row = view.get(Layout.history(key, revision));
    return row == null ? null : Version.decode(key, row).kv();
  }

  /** The version of a key before the newest one that was there at a revision: one or none. */
  public Rows past(Bytes key, long atRevision) {
    return PastRows.of(view, octets, key, atRevision);
  }

  @Override
  public Rows newest(Span span) {
    Rows stored = storedNewest(span);
    return tombstones.isEmpty() ? stored : stored.where(kv -> !isDeleted(kv));
  }

  @Override
  public Rows storedNewest(Span span) {
    return Rows.newest(view, octets, span);
  }

  @Override
  public boolean isDeleted(KeyValue stored) {
    return tombstones.cover(stored);
  }

  /** Whether a version that is stored as the newest one was deleted at a revision or before it. */
  public boolean isDeleted(KeyValue stored, long atRevision) {
    return tombstones.cover(stored, atRevision);
  }

  @Override
  public boolean hasLease(long id) {
    return view.get(Layout.lease(id)) != null;
  }

  /** As {@link #glanceAt}, with its value. */
  public @Nullable KeyValue at(Bytes key, long revision) {
    Seen seen = glanceAt(key, revision);
    return seen == null ? null : load(seen);
  }

  /** Versions are stored newest first: the first one at or before the revision decides. */
  @Override
  public @Nullable Seen glanceAt(Bytes key, long revision) {
    Seen stored = storedNewest(key, new Head(octets));
    if (stored == null || stored.kv().modRevision() > revision) {
      try (Rows rows = past(key, revision)) {
        return rows.step() == Rows.Step.KEY ? rows.seen() : null;
      }
    }
    return isDeleted(stored.kv(), revision) ? null : stored;
  }

  @Override
  public Rows at(Span span, long revision) {
    return Rows.at(view, octets, span, revision, tombstones);
  }

  @Override
  public void countPast(Span span, Cost cost) {
    try (Rows rows = storedNewest(span)) {
      while (!cost.isOver() && rows.next()) {
        cost.visit(rows);
      }
    }
    PastKeys.count(this, span, cost);
  }
}
