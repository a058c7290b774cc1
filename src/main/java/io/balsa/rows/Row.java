package io.balsa.rows;

import io.balsa.bytes.ByteReader;
import io.balsa.bytes.ByteWriter;
import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check.BrokenInvariant;
import io.balsa.model.KeyValue;

/** The row of a version of a key: its numbers, then the value. */
public final class Row {
  private Row() {}

  public static Bytes encode(KeyValue kv) {
    return encode(new ByteWriter(32 + kv.value().size()), kv);
  }

  public static Bytes encode(ByteWriter out, KeyValue kv) {
    return out.varint(kv.createRevision())
        .varint(kv.modRevision() - kv.createRevision())
        .varint(kv.version())
        .varint(kv.lease())
        .raw(kv.value())
        .done();
  }

  public static KeyValue decode(Bytes key, Bytes row) {
    return decode(key, ByteReader.ofRow(row));
  }

  public static KeyValue decode(Bytes key, ByteReader<BrokenInvariant> in) {
    long createRevision = in.varint();
    long modRevision = createRevision + in.varint();
    long version = in.varint();
    long lease = in.varint();
    return new KeyValue(key, in.rest(), createRevision, modRevision, version, lease);
  }
}
