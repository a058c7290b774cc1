package io.balsa.wire;

import io.balsa.bytes.ByteReader;
import io.balsa.bytes.ByteWriter;
import io.balsa.bytes.Bytes;
import java.util.function.Consumer;

/**
 * The framing of a file's head: four bytes of a mark, four of the length of the rest; then the
 * rest, which is a version, the fields and the CRC32C of both.
 *
 * @param mark four letters, so that files of other kinds are known at once
 * @param version the version that is written, and the only one that is read
 * @param restBytesMax the largest rest that is read, in bytes
 */
record FileHead(int mark, int version, int restBytesMax) {
  /** The bytes of mark and length. */
  static final int LENGTH_BYTES = Long.BYTES;

  /**
   * A whole head.
   *
   * @param capacity about how many bytes the rest has
   * @param fields writes the fields
   */
  Bytes encode(int capacity, Consumer<ByteWriter> fields) {
    ByteWriter body = new ByteWriter(capacity).u8(version);
    fields.accept(body);
    Bytes rest = body.checksum().done();
    return new ByteWriter(LENGTH_BYTES + rest.size())
        .fixed32(mark)
        .fixed32(rest.size())
        .raw(rest)
        .done();
  }

  /**
   * The length of the rest.
   *
   * @param what how a failure calls the bytes
   * @param beginning at least {@link #LENGTH_BYTES}
   */
  int restBytes(String what, Bytes beginning) throws WireFailure {
    ByteReader<WireFailure> in = ByteReader.of(what, beginning, WireFailure::new);
    boolean marked = in.fixed32() == mark;
    int length = in.fixed32();
    if (!marked || length < 0 || length > restBytesMax) {
      throw in.failure("without its mark");
    }
    return length;
  }

  /**
   * The fields in a whole rest.
   *
   * @param what how a failure calls the bytes
   */
  <T> T decode(String what, Bytes rest, ByteReader.Element<T, WireFailure> fields)
      throws WireFailure {
    ByteReader<WireFailure> in = ByteReader.checked(what, rest, WireFailure::new);
    in.version(version);
    T value = fields.read(in);
    in.end();
    return value;
  }
}
