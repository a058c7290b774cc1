package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;

/**
 * A hash over the keys and their history, equal on replicas that agree, whatever they have removed
 * of what is compacted: over the versions there at the compact revision and all changes after it.
 *
 * @param outcome {@link Result.Done}, or refused because the revision is compacted or in the future
 * @param hash 32 bits
 * @param hashRevision the revision up to which it goes
 * @param compactRevision where it begins; hashes compare only when this is equal
 */
public record HashKv(Result outcome, int hash, long hashRevision, long compactRevision) {
  static HashKv of(Engine.View view, long revision) {
    ViewKeyspace keys = StoreState.keyspace(view);
    if (revision > 0 && revision < keys.compactRevision()) {
      return refused(keys, KvError.COMPACTED);
    }
    if (revision > keys.revision()) {
      return refused(keys, KvError.FUTURE_REVISION);
    }
    long upTo = revision <= 0 ? keys.revision() : revision;
    long sum = newest(keys, upTo) + superseded(keys, upTo) + deleted(keys, upTo);
    int hash = (int) (sum ^ (sum >>> 32));
    return new HashKv(new Result.Done(keys.revision()), hash, upTo, keys.compactRevision());
  }

  private static HashKv refused(ViewKeyspace keys, KvError error) {
    return new HashKv(new Result.Refused(keys.revision(), error), 0, 0, keys.compactRevision());
  }

  // a sum, for what is the newest version here may be a superseded one elsewhere

  private static long newest(ViewKeyspace keys, long upTo) {
    long sum = 0;
    try (Rows rows = Rows.newest(keys.view(), new Span(Bytes.EMPTY, Bytes.of(0)))) {
      while (rows.next()) {
        sum += standing(keys, rows.row(), upTo);
      }
    }
    return sum;
  }

  /** What a tombstone covers counts as it will when it is swept: as a version and a deletion. */
  private static long standing(ViewKeyspace keys, KeyValue kv, long upTo) {
    Tombstone tombstone = keys.tombstones().over(kv);
    long sum = 0;
    if (tombstone == null || tombstone.revision() > keys.compactRevision()) {
      sum += kv.modRevision() <= upTo ? version(kv) : 0;
      sum +=
          tombstone != null && tombstone.revision() <= upTo
              ? deletion(kv.key(), tombstone.revision())
              : 0;
    }
    return sum;
  }

  private static long version(KeyValue kv) {
    return new Digest(1).add(kv).value();
  }

  private static long deletion(Bytes key, long revision) {
    return new Digest(2).add(key).add(revision).value();
  }

  private static long superseded(ViewKeyspace keys, long upTo) {
    long sum = 0;
    try (Engine.Cursor rows = keys.view().scan(Layout.historyStart(), Layout.historyEnd())) {
      while (rows.next()) {
        Version version = Version.decode(Layout.keyOfHistory(rows.key()), rows.value());
        boolean counts =
            version.kv().modRevision() <= upTo && version.end() > keys.compactRevision();
        sum += counts ? version(version.kv()) : 0;
      }
    }
    return sum;
  }

  private static long deleted(ViewKeyspace keys, long upTo) {
    long sum = 0;
    Bytes from = Layout.revision(Math.max(0, keys.compactRevision() + 1), 0);
    try (Engine.Cursor rows = keys.view().scan(from, Layout.revision(upTo + 1, 0))) {
      while (rows.next()) {
        Change change = Change.decode(rows.value());
        long revision = Layout.revisionOf(rows.key());
        sum += change.deleted() ? deletion(change.key(), revision) : 0;
      }
    }
    return sum;
  }
}
