package io.balsa.kv;

import io.balsa.bytes.ByteReader;
import io.balsa.bytes.ByteWriter;
import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check.BrokenInvariant;
import io.balsa.engine.Batch;
import io.balsa.engine.Engine;
import io.balsa.rows.Change;
import io.balsa.rows.Layout;
import io.balsa.rows.Version;
import org.jspecify.annotations.Nullable;

/**
 * Removes compacted history in pieces. It goes over the changes up to the compact revision and
 * removes the versions that they superseded. It removes the changes too, but not those of the
 * compact revision, at which a watch may begin. Each piece is stored together with the progress.
 */
public final class Compaction {
  private static final Bytes PROGRESS = Layout.meta("compaction");

  private final Engine engine;
  private Progress progress;

  Compaction(Engine engine) {
    this.engine = engine;
    this.progress = Progress.decode(engine.get(PROGRESS));
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

  /** Goes over some changes; whether there is more to do. */
  boolean step(long compactRevision, int maxChanges) {
    if (!isPending(compactRevision)) {
      return false;
    }
    Progress from =
        progress.isUnderWay()
            ? progress
            : new Progress(progress.done(), compactRevision, Layout.revision(progress.done(), 0));
    Batch batch = new Batch();
    Progress reached = remove(from, maxChanges, batch);
    if (!reached.isUnderWay()) {
      batch.deleteRange(Layout.rest(0), Layout.rest(reached.done() + 1));
    }
    batch.put(PROGRESS, reached.encode());
    engine.write(batch);
    progress = reached;
    return isPending(compactRevision);
  }

  private Progress remove(Progress from, int maxChanges, Batch batch) {
    try (Engine.View view = engine.view();
        Engine.Cursor changes = view.scan(from.next(), Layout.revision(from.target() + 1, 0))) {
      for (int seen = 0; changes.next(); seen++) {
        if (seen == maxChanges) {
          return new Progress(from.done(), from.target(), changes.key());
        }
        remove(changes.key(), Change.decode(changes.value()), from.target(), batch);
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
