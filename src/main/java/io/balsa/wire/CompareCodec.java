package io.balsa.wire;

import io.balsa.bytes.ByteReader;
import io.balsa.bytes.ByteWriter;
import io.balsa.bytes.Bytes;
import io.balsa.model.Compare;
import io.balsa.model.Compare.Operand;
import io.balsa.model.Compare.Relation;

/** The bytes of a {@link Compare}; the codes of relation and operand are etcd's. */
final class CompareCodec {
  private CompareCodec() {}

  static void write(ByteWriter out, Compare compare) {
    out.bytes(compare.key());
    out.bytes(compare.rangeEnd());
    out.u8(codeOf(compare.relation()));
    switch (compare.operand()) {
      case Operand.Version(long version) -> writeNumber(out, 0, version);
      case Operand.CreateRevision(long revision) -> writeNumber(out, 1, revision);
      case Operand.ModRevision(long revision) -> writeNumber(out, 2, revision);
      case Operand.Value(Bytes value) -> {
        out.u8(3);
        out.bytes(value);
      }
      case Operand.Lease(long lease) -> writeNumber(out, 4, lease);
    }
  }

  static Compare read(ByteReader<WireFailure> in) throws WireFailure {
    return new Compare(in.bytes(), in.bytes(), relation(in), operand(in));
  }

  private static void writeNumber(ByteWriter out, int code, long number) {
    out.u8(code);
    out.varint(number);
  }

  private static Operand operand(ByteReader<WireFailure> in) throws WireFailure {
    int code = in.u8();
    return switch (code) {
      case 0 -> new Operand.Version(in.varint());
      case 1 -> new Operand.CreateRevision(in.varint());
      case 2 -> new Operand.ModRevision(in.varint());
      case 3 -> new Operand.Value(in.bytes());
      case 4 -> new Operand.Lease(in.varint());
      default -> throw in.failure("with an unknown operand " + code);
    };
  }

  private static int codeOf(Relation relation) {
    return switch (relation) {
      case EQUAL -> 0;
      case GREATER -> 1;
      case LESS -> 2;
      case NOT_EQUAL -> 3;
    };
  }

  private static Relation relation(ByteReader<WireFailure> in) throws WireFailure {
    int code = in.u8();
    return switch (code) {
      case 0 -> Relation.EQUAL;
      case 1 -> Relation.GREATER;
      case 2 -> Relation.LESS;
      case 3 -> Relation.NOT_EQUAL;
      default -> throw in.failure("with an unknown relation " + code);
    };
  }
}
