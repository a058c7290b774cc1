package io.balsa.rows;

import io.balsa.bytes.ByteReader;
import io.balsa.bytes.ByteWriter;
import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check.BrokenInvariant;
import io.balsa.model.KeyValue;

/**
 * A superseded version of a key.
 *
 * @param end the revision that superseded it: it was there from its own revision on and until this
 *     one
 */
public record Version(KeyValue kv, long end) {
  /** Whether a read at a revision sees it. */
  boolean aliveAt(long revision) {
    return kv.modRevision() <= revision && revision < end;
  }

  public Bytes encode() {
    ByteWriter row = new ByteWriter(32 + kv.value().size()).varint(end);
    return Row.encode(row, kv);
  }

  public static Version decode(Bytes key, Bytes row) {
    ByteReader<BrokenInvariant> in = ByteReader.ofRow(row);
    long end = in.varint();
    return new Version(Row.decode(key, in), end);
  }
}
