package io.balsa.rows;

import io.balsa.bytes.ByteReader;
import io.balsa.bytes.ByteWriter;
import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check.BrokenInvariant;
import io.balsa.engine.Engine;
import org.jspecify.annotations.Nullable;

/**
 * A change of a key at a revision: a put or a deletion.
 *
 * @param deleted whether it was deleted; otherwise it was put
 * @param superseded the revision of the version before; 0 when the key was not there
 * @param history bytes of all versions superseded up to this change, without those that tombstones
 *     ended
 */
public record Change(Bytes key, boolean deleted, long superseded, long history) {
  /** The last one up to a revision; null for none. */
  public static @Nullable Change last(Engine.View view, long revision) {
    Bytes end = Layout.revision(revision + 1, 0);
    try (Engine.Cursor rows = view.scanDown(Layout.revision(0, 0), end)) {
      return rows.next() ? decode(rows.value()) : null;
    }
  }

  public Bytes encode() {
    return new ByteWriter(20 + key.size())
        .varint((superseded << 1) | (deleted ? 1 : 0))
        .varint(history)
        .raw(key)
        .done();
  }

  public static Change decode(Bytes row) {
    ByteReader<BrokenInvariant> in = ByteReader.ofRow(row);
    long number = in.varint();
    long history = in.varint();
    return new Change(in.rest(), (number & 1) == 1, number >>> 1, history);
  }
}
