package io.balsa.model;

import io.balsa.model.Command.Op;
import java.util.List;

/** How much work a command may be for a server, as far as the command itself shows. */
public final class Burden {
  /** From so many single keys on, an answer with their values may be large. */
  private static final int SINGLES_MAX = 8;

  /** So many keys may be too many, whatever their values: the transaction is checked before. */
  private static final int SINGLES_WEIGHED = 32;

  private Burden() {}

  /**
   * Whether applying the command may go over many keys, or answer with many. A deletion may if its
   * answer holds the deleted keys. Otherwise a large deletion is carried out in pieces.
   */
  public static boolean isHeavy(Op op) {
    return switch (op) {
      case Command.Txn txn -> spans(txn) || answers(txn) > SINGLES_WEIGHED;
      case Command.DeleteRange delete -> answers(delete) > 1;
      case Command.Put _, Range _ -> false;
    };
  }

  /** Whether it is a deletion of a range by itself. */
  public static boolean deletesRange(Op op) {
    return op instanceof Command.DeleteRange delete && !delete.rangeEnd().isEmpty();
  }

  /** Whether a part of it is about a range of keys. */
  private static boolean spans(Command.Txn txn) {
    for (Compare compare : txn.compares()) {
      if (!compare.rangeEnd().isEmpty()) {
        return true;
      }
    }
    return spans(txn.success()) || spans(txn.failure());
  }

  private static boolean spans(List<Op> ops) {
    for (Op op : ops) {
      boolean spans =
          switch (op) {
            case Range range -> !range.rangeEnd().isEmpty();
            case Command.DeleteRange delete -> !delete.rangeEnd().isEmpty();
            case Command.Txn txn -> spans(txn);
            case Command.Put _ -> false;
          };
      if (spans) {
        return true;
      }
    }
    return false;
  }

  /** Whether its answer may hold many keys and values. */
  public static boolean mayAnswerMuch(Command command) {
    return switch (command) {
      case Command.DeleteRange delete -> answers(delete) > SINGLES_MAX;
      case Command.Txn txn -> answers(txn) > SINGLES_MAX;
      case Command.Put _,
          Command.Compact _,
          Command.Sweep _,
          Command.BeginHash _,
          Command.SetAlarm _,
          Command.Publish _,
          Command.SetQuota _,
          Command.OfLease _,
          Command.OfAuth _ ->
          false;
    };
  }

  /** How many keys an answer may hold, up to a bound. */
  private static int answers(Command.Txn txn) {
    return Math.max(answers(txn.success()), answers(txn.failure()));
  }

  private static int answers(List<Op> ops) {
    int answers = 0;
    for (Op op : ops) {
      answers +=
          switch (op) {
            case Range range -> answers(range);
            case Command.DeleteRange delete -> answers(delete);
            case Command.Put put -> put.prevKv() ? 1 : 0;
            case Command.Txn txn -> answers(txn);
          };
    }
    return answers;
  }

  private static int answers(Range range) {
    boolean small = range.countOnly() || (range.keysOnly() && range.rangeEnd().isEmpty());
    return small ? 0 : range.rangeEnd().isEmpty() ? 1 : many();
  }

  private static int answers(Command.DeleteRange delete) {
    return !delete.prevKv() ? 0 : delete.rangeEnd().isEmpty() ? 1 : many();
  }

  private static int many() {
    return SINGLES_WEIGHED + 1;
  }
}
