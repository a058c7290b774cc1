package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.model.KeyValue;
import io.balsa.model.Seen;
import io.balsa.model.Span;
import io.balsa.rows.Cost;
import io.balsa.rows.CountedRows;
import io.balsa.rows.Keyspace;
import io.balsa.rows.MergedRows;
import io.balsa.rows.PendingRows;
import io.balsa.rows.Rows;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An overlay: the keys as a transaction in a {@link Trial} sees them. These are the keys before it,
 * under its own puts and deletions. Every key that it reads counts.
 */
final class TrialKeys implements Keyspace {
  private final Keyspace before;
  private final Cost cost;

  /** The transaction's own versions; version 0 stands for a deleted key. */
  private NavigableMap<Bytes, KeyValue> changed = Collections.emptyNavigableMap();

  private boolean changes;

  TrialKeys(Keyspace before, Cost cost) {
    this.before = before;
    this.cost = cost;
  }

  @Override
  public long revision() {
    return changes ? before.revision() + 1 : before.revision();
  }

  @Override
  public long compactRevision() {
    return before.compactRevision();
  }

  @Override
  public @Nullable KeyValue newest(Bytes key) {
    KeyValue own = own(key);
    KeyValue kv = own == null ? before.newest(key) : isThere(own) ? own : null;
    cost.visit(kv == null ? null : Seen.whole(kv));
    return kv;
  }

  @Override
  public @Nullable Seen glance(Bytes key) {
    KeyValue own = own(key);
    Seen seen = own == null ? before.glance(key) : isThere(own) ? Seen.whole(own) : null;
    cost.visit(seen);
    return seen;
  }

  private @Nullable KeyValue own(Bytes key) {
    return changed.isEmpty() ? null : changed.get(key);
  }

  @Override
  public Rows newest(Span span) {
    Rows stored = before.storedNewest(span);
    Rows rows =
        changed.isEmpty()
            ? stored
            : new MergedRows(new PendingRows(span.of(changed).values().iterator()), stored);
    return new CountedRows(rows, cost, kv -> isThere(kv) && !before.isDeleted(kv));
  }

  private static boolean isThere(KeyValue kv) {
    return kv.version() != 0;
  }

  @Override
  public boolean hasLease(long id) {
    return before.hasLease(id);
  }

  @Override
  public @Nullable Seen glanceAt(Bytes key, long revision) {
    Seen seen = before.glanceAt(key, revision);
    cost.visit(seen);
    return seen;
  }

  /** It was counted when it was glanced at. */
  @Override
  public KeyValue load(Seen seen) {
    return seen.isWhole() ? seen.kv() : before.load(seen);
  }

  @Override
  public Rows at(Span span, long revision) {
    cost.lookBack();
    countPast(span, cost);
    return cost.isOver() ? new PendingRows(Collections.emptyIterator()) : before.at(span, revision);
  }

  @Override
  public void countPast(Span span, Cost counting) {
    before.countPast(span, counting);
  }

  /** Notes a change that no operation will read. */
  void change() {
    changes = true;
  }

  private void change(KeyValue kv) {
    if (changed.isEmpty()) {
      changed = new TreeMap<>();
    }
    changed.put(kv.key(), kv);
    changes = true;
  }

  /**
   * Gives a key a value.
   *
   * @param old the version that {@link #newest(Bytes)} gives
   */
  void put(Bytes key, Bytes value, long lease, @Nullable KeyValue old) {
    long now = before.revision() + 1;
    long created = old == null ? now : old.createRevision();
    long version = old == null ? 1 : old.version() + 1;
    change(new KeyValue(key, value, created, now, version, lease));
  }

  /** Deletes a key that is there. */
  void delete(KeyValue old) {
    change(new KeyValue(old.key(), Bytes.EMPTY, 0, before.revision() + 1, 0, 0));
  }
}
