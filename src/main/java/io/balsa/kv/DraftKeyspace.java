package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.model.KeyValue;
import io.balsa.model.Seen;
import io.balsa.model.Span;
import io.balsa.rows.Cost;
import io.balsa.rows.Keyspace;
import io.balsa.rows.Rows;
import io.balsa.rows.ViewKeyspace;
import org.jspecify.annotations.Nullable;

/**
 * The keys as the next operation on a {@link Draft} sees them: what is stored, and what the entries
 * of the batch have changed so far. Of past revisions only what is stored is seen, so {@link
 * Draft#store} comes before a read of one.
 */
final class DraftKeyspace implements Keyspace {
  private final Draft draft;
  private final DraftKeys newest;

  DraftKeyspace(Draft draft, DraftKeys newest) {
    this.draft = draft;
    this.newest = newest;
  }

  @Override
  public long revision() {
    return draft.revision();
  }

  @Override
  public long compactRevision() {
    return draft.compactRevision();
  }

  @Override
  public @Nullable KeyValue newest(Bytes key) {
    KeyValue kv = newest.get(key);
    return kv == null || isDeleted(kv) ? null : kv;
  }

  @Override
  public @Nullable Seen glance(Bytes key) {
    Seen seen = newest.glance(key);
    return seen == null || isDeleted(seen.kv()) ? null : seen;
  }

  @Override
  public Rows newest(Span span) {
    Rows rows = newest.rows(span);
    return draft.tombstones().isEmpty() ? rows : rows.where(kv -> !isDeleted(kv));
  }

  @Override
  public Rows storedNewest(Span span) {
    return newest.rows(span);
  }

  @Override
  public boolean isDeleted(KeyValue stored) {
    return draft.tombstones().cover(stored);
  }

  @Override
  public boolean hasLease(long id) {
    return draft.leases().get(id) != null;
  }

  @Override
  public @Nullable Seen glanceAt(Bytes key, long revision) {
    return stored().glanceAt(key, revision);
  }

  @Override
  public KeyValue load(Seen seen) {
    KeyValue kv = newest.get(seen.kv().key());
    return kv != null && seen.isOf(kv) ? kv : stored().load(seen);
  }

  @Override
  public Rows at(Span span, long revision) {
    return stored().at(span, revision);
  }

  @Override
  public void countPast(Span span, Cost cost) {
    stored().countPast(span, cost);
  }

  private ViewKeyspace stored() {
    StoreState stored = draft.stored();
    return new ViewKeyspace(
        draft.view(),
        newest.octets(),
        stored.revision(),
        stored.compactRevision(),
        draft.tombstones());
  }
}
