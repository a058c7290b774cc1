package io.balsa.kv;

import io.balsa.bytes.Bytes;

/**
 * What happened to a key at a revision.
 *
 * @param deleted whether it was deleted; otherwise it was put
 * @param superseded the revision of the version before; 0 when the key was not there
 */
record Change(Bytes key, boolean deleted, long superseded) {
  Bytes encode() {
    return new Encoder(10 + key.size())
        .number((superseded << 1) | (deleted ? 1 : 0))
        .raw(key)
        .done();
  }

  static Change decode(Bytes row) {
    Decoder in = new Decoder(row);
    long number = in.number();
    return new Change(in.rest(), (number & 1) == 1, number >>> 1);
  }
}
