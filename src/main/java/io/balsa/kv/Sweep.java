package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;
import io.balsa.model.KeyValue;
import io.balsa.model.StoreLimits;
import io.balsa.rows.Layout;
import io.balsa.rows.Row;
import io.balsa.rows.Space;
import io.balsa.rows.Tombstone;

/** Turns the next keys that a tombstone covers into history, as many as one entry may. */
final class Sweep {
  private final Draft draft;
  private Tombstone tombstone;

  Sweep(Draft draft, Tombstone tombstone) {
    this.draft = draft;
    this.tombstone = tombstone;
  }

  /** The tombstone as it is now. */
  Tombstone tombstone() {
    return tombstone;
  }

  /**
   * Sweeps the next piece. Keys that were put again count too, because reading them is work.
   *
   * @return whether it was the last piece
   */
  boolean sweepPiece() {
    StoreLimits limits = draft.limits();
    Bytes next = tombstone.next();
    long bytes = 0;
    try (Engine.Cursor rows = rows()) {
      for (int keys = 0; keys < limits.sweepKeys() && bytes < limits.sweepBytes(); keys++) {
        if (!rows.next()) {
          draft.sweptAll(tombstone);
          return true;
        }
        KeyValue kv = storedNewest(rows);
        bytes += Space.bytesOf(kv);
        next = kv.key().next();
        if (tombstone.covers(kv)) {
          tombstone = draft.sweep(kv, tombstone);
        }
      }
    }
    tombstone = tombstone.sweptUpTo(next);
    draft.sweptSome(tombstone);
    return false;
  }

  private Engine.Cursor rows() {
    long lease = tombstone.lease();
    Bytes next = tombstone.next();
    Bytes end = tombstone.span().rangeEnd();
    return tombstone.isOfLease()
        ? draft.view().scan(Layout.attached(lease, next), Layout.attached(lease, end))
        : draft.view().scan(Layout.current(next), Layout.currentEnd(tombstone.span()));
  }

  private KeyValue storedNewest(Engine.Cursor rows) {
    return tombstone.isOfLease()
        ? draft.attached(Layout.keyOfAttached(rows.key()))
        : Row.decode(Layout.keyOfCurrent(rows.key()), rows.value());
  }
}
