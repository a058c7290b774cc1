package io.balsa.node.reads;

import io.balsa.model.Command;
import io.balsa.model.Command.Op;
import io.balsa.model.Compare;
import io.balsa.model.Range;
import java.util.List;

/** About how many bytes of memory a read takes while it waits. */
final class RequestBytes {
  /** The bytes of a read that names no key, with everything that is kept for it. */
  static final long LEAST = 256;

  private static final long OP_BYTES = 160;

  private RequestBytes() {}

  static long of(Op op) {
    return LEAST + sizeOf(op);
  }

  private static long sizeOf(Command.Txn txn) {
    long bytes = sizeOf(txn.success()) + sizeOf(txn.failure());
    for (Compare compare : txn.compares()) {
      bytes += OP_BYTES + compare.key().size() + compare.rangeEnd().size();
      if (compare.operand() instanceof Compare.Operand.Value value) {
        bytes += value.value().size();
      }
    }
    return bytes;
  }

  private static long sizeOf(List<Op> ops) {
    long bytes = 0;
    for (Op op : ops) {
      bytes += OP_BYTES + sizeOf(op);
    }
    return bytes;
  }

  private static long sizeOf(Op op) {
    return switch (op) {
      case Range range -> range.key().size() + range.rangeEnd().size();
      case Command.Txn txn -> sizeOf(txn);
      case Command.Put put -> put.key().size() + put.value().size();
      case Command.DeleteRange delete -> delete.key().size() + delete.rangeEnd().size();
    };
  }
}
