package io.balsa.wire;

import io.balsa.bytes.ByteReader;
import io.balsa.bytes.ByteWriter;
import io.balsa.bytes.Bytes;
import io.balsa.model.Range;
import io.balsa.model.Range.SortOrder;
import io.balsa.model.Range.SortTarget;

/** The bytes of a {@link Range}; the codes of order and target are etcd's. */
final class RangeCodec {
  private RangeCodec() {}

  static void write(ByteWriter out, Range range) {
    out.bytes(range.key());
    out.bytes(range.rangeEnd());
    out.varint(range.limit());
    out.varint(range.revision());
    out.u8(codeOf(range.order()));
    out.u8(codeOf(range.target()));
    out.flag(range.keysOnly());
    out.flag(range.countOnly());
    out.varint(range.minModRevision());
    out.varint(range.maxModRevision());
    out.varint(range.minCreateRevision());
    out.varint(range.maxCreateRevision());
  }

  static Range read(ByteReader<WireFailure> in) throws WireFailure {
    Bytes key = in.bytes();
    Bytes rangeEnd = in.bytes();
    return new Range(
        key,
        rangeEnd,
        in.varint(),
        in.varint(),
        order(in),
        target(in),
        in.flag(),
        in.flag(),
        in.varint(),
        in.varint(),
        in.varint(),
        in.varint());
  }

  private static int codeOf(SortOrder order) {
    return switch (order) {
      case NONE -> 0;
      case ASCEND -> 1;
      case DESCEND -> 2;
    };
  }

  private static SortOrder order(ByteReader<WireFailure> in) throws WireFailure {
    int code = in.u8();
    return switch (code) {
      case 0 -> SortOrder.NONE;
      case 1 -> SortOrder.ASCEND;
      case 2 -> SortOrder.DESCEND;
      default -> throw in.failure("with an unknown sort order " + code);
    };
  }

  private static int codeOf(SortTarget target) {
    return switch (target) {
      case KEY -> 0;
      case VERSION -> 1;
      case CREATE -> 2;
      case MOD -> 3;
      case VALUE -> 4;
    };
  }

  private static SortTarget target(ByteReader<WireFailure> in) throws WireFailure {
    int code = in.u8();
    return switch (code) {
      case 0 -> SortTarget.KEY;
      case 1 -> SortTarget.VERSION;
      case 2 -> SortTarget.CREATE;
      case 3 -> SortTarget.MOD;
      case 4 -> SortTarget.VALUE;
      default -> throw in.failure("with an unknown sort target " + code);
    };
  }
}
