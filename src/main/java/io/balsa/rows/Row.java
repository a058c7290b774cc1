package io.balsa.rows;

import io.balsa.bytes.ByteReader;
import io.balsa.bytes.ByteWriter;
import io.balsa.bytes.Bytes;
import io.balsa.model.KeyValue;

/** The row of a version of a key: its numbers, then the value. */
public final class Row {
  private Row() {}

  public static Bytes encode(KeyValue kv) {
    return encode(new ByteWriter(32 + kv.value().size()), kv);
  }

  public static Bytes encode(ByteWriter out, KeyValue kv) {
    return out.number(kv.createRevision())
        .number(kv.modRevision() - kv.createRevision())
        .number(kv.version())
        .number(kv.lease())
        .raw(kv.value())
        .done();
  }

  public static KeyValue decode(Bytes key, Bytes row) {
    return decode(key, new ByteReader(row));
  }

  public static KeyValue decode(Bytes key, ByteReader in) {
    long createRevision = in.number();
    long modRevision = createRevision + in.number();
    long version = in.number();
    long lease = in.number();
    return new KeyValue(key, in.rest(), createRevision, modRevision, version, lease);
  }
}
