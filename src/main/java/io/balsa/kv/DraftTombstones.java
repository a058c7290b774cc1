package io.balsa.kv;

import io.balsa.engine.Batch;
import io.balsa.engine.Engine;
import io.balsa.model.KeyValue;
import io.balsa.rows.Change;
import io.balsa.rows.Layout;
import io.balsa.rows.Space;
import io.balsa.rows.Tombstone;
import io.balsa.rows.Tombstones;
import io.balsa.rows.Version;
import java.util.ArrayList;
import java.util.List;

/** The tombstones that the entries of one batch changed, before they are stored. */
final class DraftTombstones {
  private Tombstones stored;
  private Tombstones now;
  private final List<Tombstone.Rest> over = new ArrayList<>();

  DraftTombstones(Tombstones stored) {
    this.stored = stored;
    this.now = stored;
  }

  Tombstones now() {
    return now;
  }

  void add(Tombstone tombstone) {
    now = now.with(tombstone);
  }

  void change(Tombstone tombstone) {
    now = now.replacing(tombstone);
  }

  /**
   * Puts into a batch the rows that the deletion of a version would have written, and counts the
   * version.
   */
  Tombstone sweep(KeyValue kv, Tombstone tombstone, Batch batch) {
    long revision = tombstone.revision();
    Change change = new Change(kv.key(), true, kv.modRevision(), tombstone.history());
    batch.put(Layout.swept(revision, kv.key()), change.encode());
    batch.put(Layout.history(kv.key(), kv.modRevision()), new Version(kv, revision).encode());
    Tombstone swept = tombstone.withSwept(1, Space.bytesOf(kv));
    change(swept);
    return swept;
  }

  /** All its keys are swept. */
  void end(Tombstone tombstone) {
    now = now.without(tombstone.revision());
    over.add(tombstone.rest());
  }

  /**
   * The bytes swept by deletions that a compaction passes. Deletions that are over count only if
   * they are stored.
   */
  long sweptBetween(Engine.View view, long after, long upTo) {
    long bytes = now.sweptBetween(after, upTo);
    try (Engine.Cursor rows = view.scan(Layout.rest(after + 1), Layout.rest(upTo + 1))) {
      while (rows.next()) {
        bytes += Tombstone.Rest.decode(Layout.revisionOf(rows.key()), rows.value()).swept();
      }
    }
    return bytes;
  }

  /** Puts what changed into a batch. */
  void store(Batch batch) {
    for (Tombstone tombstone : now.pending()) {
      if (!tombstone.equals(stored.get(tombstone.revision()))) {
        batch.put(Layout.tombstone(tombstone.revision()), tombstone.encode());
      }
    }
    for (Tombstone tombstone : stored.pending()) {
      if (now.get(tombstone.revision()) == null) {
        batch.delete(Layout.tombstone(tombstone.revision()));
      }
    }
    for (Tombstone.Rest rest : over) {
      batch.put(Layout.rest(rest.revision()), rest.encode());
    }
    over.clear();
    stored = now;
  }
}
