package io.balsa.kv;

import io.balsa.bytes.ByteReader;
import io.balsa.bytes.ByteWriter;
import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check.BrokenInvariant;
import io.balsa.engine.Batch;
import io.balsa.engine.Engine;
import io.balsa.rows.Layout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The hashes at the revisions of the last ten compactions, and what the next one is made of. As
 * etcd 3.7, a server answers HashKV there as before the compaction, so that servers can be compared
 * whether or not they have compacted.
 *
 * @param alive the sum over the versions that are alive where the removal of history stands
 * @param passed the sum over the versions and deletions that it has passed since {@code base}
 * @param base where the next hash begins: the compact revision before; -1 for none
 * @param whole whether {@code alive} and {@code passed} are known; if not, {@code alive} is the sum
 *     at the end of the compaction that is under way
 * @param kept in ascending order of revision
 */
record KeptHashes(long alive, long passed, long base, boolean whole, List<Kept> kept) {
  private static final Bytes ROW = Layout.meta("hashes");
  private static final int KEPT_MAX = 10;

  /** A hash over all that a read from {@code compactRevision} to {@code revision} could see. */
  record Kept(long revision, long compactRevision, int hash) {
    private static void write(ByteWriter out, Kept kept) {
      out.varint(kept.revision).varint(kept.compactRevision + 1).fixed32(kept.hash);
    }

    private static Kept read(ByteReader<BrokenInvariant> in) {
      return new Kept(in.varint(), in.varint() - 1, in.fixed32());
    }
  }

  /** Of a store that has never removed history. */
  static KeptHashes none() {
    return new KeptHashes(0, 0, -1, true, List.of());
  }

  /**
   * Of a store that an earlier version has compacted.
   *
   * @param alive the sum at the revision
   * @param whole whether no compaction is under way
   */
  static KeptHashes ofOlder(long alive, long revision, boolean whole) {
    return new KeptHashes(alive, 0, revision, whole, List.of());
  }

  private static KeptHashes read(ByteReader<BrokenInvariant> in) {
    return new KeptHashes(
        in.fixed64(), in.fixed64(), in.varint() - 1, in.flag(), List.copyOf(in.list(Kept::read)));
  }

  /**
   * What is stored; null for nothing. An earlier version removes history without these sums, so
   * they count only beside the progress with which they were written.
   *
   * @param progress the row with the progress of the removal
   */
  static @Nullable KeptHashes of(Engine engine, Bytes progress) {
    Bytes row = engine.get(ROW);
    if (row == null) {
      return null;
    }
    ByteReader<BrokenInvariant> in = ByteReader.ofRow(row);
    KeptHashes hashes = read(in);
    return in.rest().equals(progress) ? hashes : null;
  }

  /** The hash that a view keeps for a revision; null for none. */
  static @Nullable Kept at(long revision, Engine.View view) {
    Bytes row = view.get(ROW);
    if (row != null) {
      for (Kept kept : read(ByteReader.ofRow(row)).kept) {
        if (kept.revision == revision) {
          return kept;
        }
      }
    }
    return null;
  }

  /**
   * Stores them.
   *
   * @param progress the row with the progress, which the batch stores too or which is stored
   */
  void write(Batch batch, Bytes progress) {
    batch.put(
        ROW,
        new ByteWriter(64)
            .fixed64(alive)
            .fixed64(passed)
            .varint(base + 1)
            .flag(whole)
            .list(kept, Kept::write)
            .raw(progress)
            .done());
  }

  KeptHashes withBase(long revision) {
    return new KeptHashes(alive, passed, revision, whole, kept);
  }

  KeptHashes with(long nowAlive, long nowPassed) {
    return new KeptHashes(nowAlive, nowPassed, base, whole, kept);
  }

  /** History up to a compact revision is removed. */
  KeptHashes compacted(long revision) {
    List<Kept> more = new ArrayList<>(kept);
    if (whole) {
      more.add(new Kept(revision, base, HashReading.folded(alive + passed)));
    }
    int first = Math.max(0, more.size() - KEPT_MAX);
    List<Kept> last = List.copyOf(more.subList(first, more.size()));
    return new KeptHashes(alive, 0, revision, true, last);
  }
}
