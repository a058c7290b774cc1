package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;
import org.jspecify.annotations.Nullable;

/**
 * The keys in a view of the ordered store.
 *
 * @param tombstones the deletions whose keys still stand in the view
 */
record ViewKeyspace(Engine.View view, long revision, long compactRevision, Tombstones tombstones)
    implements Keyspace {
  @Override
  public @Nullable KeyValue newest(Bytes key) {
    KeyValue kv = standing(key);
    return kv == null || isDeleted(kv) ? null : kv;
  }

  /** The version that stands as the newest one, though a tombstone may have deleted it. */
  @Nullable KeyValue standing(Bytes key) {
    Bytes row = view.get(Layout.current(key));
    return row == null ? null : Row.decode(key, row);
  }

  @Override
  public Rows newest(Span span) {
    Rows standing = standing(span);
    return tombstones.isEmpty() ? standing : standing.where(kv -> !isDeleted(kv));
  }

  @Override
  public Rows standing(Span span) {
    return Rows.newest(view, span);
  }

  @Override
  public boolean isDeleted(KeyValue standing) {
    return tombstones.cover(standing);
  }

  @Override
  public boolean hasLease(long id) {
    return view.get(Layout.lease(id)) != null;
  }

  @Override
  public @Nullable KeyValue at(Bytes key, long revision) {
    KeyValue standing = standing(key);
    if (standing == null || standing.modRevision() > revision) {
      return past(key, revision);
    }
    return tombstones.cover(standing, revision) ? null : standing;
  }

  @Override
  public Rows at(Span span, long revision) {
    return Rows.at(view, span, revision, tombstones);
  }

  @Override
  public void countPast(Span span, Cost cost) {
    try (Rows rows = standing(span)) {
      while (!cost.isOver() && rows.next()) {
        cost.visit(rows.row());
      }
    }
    PastKeys.count(view, span, compactRevision, cost);
  }

  /** Versions are stored newest first: the first one at or before the revision decides. */
  private @Nullable KeyValue past(Bytes key, long revision) {
    try (Engine.Cursor cursor = view.scan(Layout.history(key, revision), Layout.historyEnd(key))) {
      if (!cursor.next()) {
        return null;
      }
      Version version = Version.decode(key, cursor.value());
      return version.aliveAt(revision) ? version.kv() : null;
    }
  }
}
