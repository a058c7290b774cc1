package io.balsa.kv;

import io.balsa.bytes.Bytes;

/** The row of a version of a key: its numbers, then the value. */
final class Row {
  private Row() {}

  static Bytes encode(KeyValue kv) {
    return encode(new Encoder(32 + kv.value().size()), kv);
  }

  static Bytes encode(Encoder out, KeyValue kv) {
    return out.number(kv.createRevision())
        .number(kv.modRevision() - kv.createRevision())
        .number(kv.version())
        .number(kv.lease())
        .raw(kv.value())
        .done();
  }

  static KeyValue decode(Bytes key, Bytes row) {
    return decode(key, new Decoder(row));
  }

  static KeyValue decode(Bytes key, Decoder in) {
    long createRevision = in.number();
    long modRevision = createRevision + in.number();
    long version = in.number();
    long lease = in.number();
    return new KeyValue(key, in.rest(), createRevision, modRevision, version, lease);
  }
}
