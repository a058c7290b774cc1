package io.balsa.kv;

import io.balsa.bytes.ByteReader;
import io.balsa.bytes.ByteWriter;
import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check.BrokenInvariant;
import io.balsa.engine.Batch;
import io.balsa.engine.Engine;
import io.balsa.rows.Change;
import io.balsa.rows.Layout;
import io.balsa.rows.Octets;
import io.balsa.rows.Version;
import io.balsa.rows.ViewKeyspace;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Removes compacted history in pieces. It goes over the changes up to the compact revision and
 * removes the versions that they superseded. It removes the changes too, but not those of the
 * compact revision, at which a watch may begin. Each piece is stored together with the progress.
 */
public final class Compaction {
  private static final Bytes PROGRESS = Layout.meta("compaction");

  /** A piece ends after so many bytes of keys and values that were read for the hash. */
  private static final long PIECE_BYTES = 1 << 20;

  private final Engine engine;

  /** The compact revisions that history is still to be removed up to, since the start. */
  private final ArrayDeque<Long> asked = new ArrayDeque<>();

  private Progress progress;
  private KeptHashes hashes;

  Compaction(Engine engine) {
    Bytes row = engine.get(PROGRESS);
    KeptHashes stored = row == null ? null : KeptHashes.of(engine, row);
    this.engine = engine;
    this.progress = Progress.decode(row);
    this.hashes = stored == null ? hashesOfOlder(engine, progress) : stored;
    if (stored == null && row != null) {
      Batch batch = new Batch();
      hashes.write(batch, row); // the next start need not read the whole store
      engine.write(batch);
    }
  }

  private static KeptHashes hashesOfOlder(Engine engine, Progress progress) {
    if (progress.target() == 0) {
      return KeptHashes.none();
    }
    try (Engine.View view = engine.view()) {
      ViewKeyspace keys = StoreState.keyspace(view, new Octets());
      long alive = HashReading.sumAlive(keys, progress.target());
      return KeptHashes.ofOlder(alive, progress.target(), !progress.isUnderWay());
    }
  }

  /** A compaction was applied: its revision gets a hash of its own. */
  void asked(long revision) {
    if (revision == 0) {
      hashes = hashes.withBase(0); // there is no history to remove
    } else {
      asked.add(revision);
    }
  }

  /**
   * How far it is.
   *
   * @param done the revision up to which everything is removed
   * @param target the revision up to which it is being removed; {@code done} when nothing is
   * @param next the row of the next change to look at, when something is
   */
  private record Progress(long done, long target, Bytes next) {
    boolean isUnderWay() {
      return target > done;
    }

    Bytes encode() {
      return new ByteWriter(40).varint(done).varint(target).raw(next).done();
    }

    static Progress decode(@Nullable Bytes row) {
      if (row == null) {
        return new Progress(0, 0, Bytes.EMPTY);
      }
      ByteReader<BrokenInvariant> in = ByteReader.ofRow(row);
      return new Progress(in.varint(), in.varint(), in.rest());
    }
  }

  boolean isPending(long compactRevision) {
    return progress.isUnderWay() || compactRevision > progress.done();
  }

  boolean isLate(long compactRevision) {
    return progress.isUnderWay() && compactRevision > progress.target();
  }

  /**
   * Goes over some changes; whether there is more to do.
   *
   * @param upTo up to which history may be removed now; at most the compact revision
   */
  boolean step(long upTo, long compactRevision, int maxChanges) {
    if (!isPending(upTo)) {
      return false;
    }
    Batch batch = new Batch();
    HashTally tally = new HashTally(engine, hashes);
    Progress reached =
        remove(progress.isUnderWay() ? progress : begun(upTo), maxChanges, batch, tally);
    hashes = hashes.whole() ? hashes.with(tally.alive(), tally.passed()) : hashes;
    if (!reached.isUnderWay()) {
      over(reached.done(), compactRevision, batch);
    }
    Bytes row = reached.encode();
    hashes.write(batch, row);
    batch.put(PROGRESS, row);
    engine.write(batch);
    progress = reached;
    return isPending(upTo);
  }

  /** Goes to the next compact revision, or as near to it as it may. */
  private Progress begun(long upTo) {
    long done = progress.done();
    long target =
        asked.stream()
            .filter(revision -> revision > done && revision < upTo)
            .findFirst()
            .orElse(upTo);
    return new Progress(done, target, Layout.revision(done, 0));
  }

  private void over(long done, long compactRevision, Batch batch) {
    batch.deleteRange(Layout.rest(0), Layout.rest(done + 1));
    if (done == compactRevision || asked.contains(done)) {
      hashes = hashes.compacted(done);
    }
    asked.removeIf(revision -> revision <= done);
  }

  private Progress remove(Progress from, int maxChanges, Batch batch, HashTally tally) {
    try (Engine.View view = engine.view();
        Engine.Cursor changes = view.scan(from.next(), Layout.revision(from.target() + 1, 0))) {
      for (int seen = 0; changes.next(); seen++) {
        if (seen == maxChanges || tally.bytes() >= PIECE_BYTES) {
          return new Progress(from.done(), from.target(), changes.key());
        }
        Change change = Change.decode(changes.value());
        long revision = Layout.revisionOf(changes.key());
        if (hashes.whole() && revision > from.done()) {
          tally.count(change, revision);
        }
        remove(changes.key(), change, from.target(), batch);
      }
    }
    return new Progress(from.target(), from.target(), Bytes.EMPTY);
  }

  private void remove(Bytes row, Change change, long target, Batch batch) {
    long revision = Layout.revisionOf(row);
    if (change.superseded() != 0 && isOver(change, revision, target)) {
      batch.delete(Layout.history(change.key(), change.superseded()));
    }
    if (revision < target) {
      batch.delete(row);
    }
  }

  /**
   * Whether no reader can ask for the superseded version any more. A version of the same revision
   * must be read first. A key put and deleted in the target revision is still an event there. A key
   * changed several times in one revision may have a later version in that row.
   */
  private boolean isOver(Change change, long revision, long target) {
    if (change.superseded() < revision) {
      return true;
    }
    Bytes row = engine.get(Layout.history(change.key(), revision));
    return row != null && revision < target && Version.decode(change.key(), row).end() <= target;
  }
}
