package io.balsa.kv;

import io.balsa.bytes.Bytes;

/**
 * What happened to a key at a revision.
 *
 * @param deleted whether it was deleted; otherwise it was put
 * @param superseded the revision of the version before; 0 when the key was not there
 * @param history bytes of all versions ever superseded, with this change
 */
record Change(Bytes key, boolean deleted, long superseded, long history) {
  Bytes encode() {
    return new Encoder(20 + key.size())
        .number((superseded << 1) | (deleted ? 1 : 0))
        .number(history)
        .raw(key)
        .done();
  }

  static Change decode(Bytes row) {
    Decoder in = new Decoder(row);
    long number = in.number();
    long history = in.number();
    return new Change(in.rest(), (number & 1) == 1, number >>> 1, history);
  }
}
