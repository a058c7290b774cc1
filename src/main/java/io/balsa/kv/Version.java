package io.balsa.kv;

import io.balsa.bytes.Bytes;

/**
 * A superseded version of a key.
 *
 * @param end the revision that superseded it: it was there from its own revision on, before this
 */
record Version(KeyValue kv, long end) {
  /** Whether a read at a revision sees it. */
  boolean aliveAt(long revision) {
    return kv.modRevision() <= revision && revision < end;
  }

  Bytes encode() {
    Encoder row = new Encoder(32 + kv.value().size()).number(end);
    return Row.encode(row, kv);
  }

  static Version decode(Bytes key, Bytes row) {
    Decoder in = new Decoder(row);
    long end = in.number();
    return new Version(Row.decode(key, in), end);
  }
}
