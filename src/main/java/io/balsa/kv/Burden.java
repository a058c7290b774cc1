package io.balsa.kv;

import io.balsa.kv.Command.Op;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a command may ask of a server, as far as it shows before it is carried out. */
public final class Burden {
  /** An answer with the values of so many single keys may be large. */
  private static final int SINGLES_MAX = 8;

  /** So many may be too many, whatever their values: the transaction is looked at before. */
  private static final int SINGLES_WEIGHED = 32;

  private Burden() {}

  /**
   * A command that may go over many keys when it is applied, or answer with many, as a transaction;
   * null for one that does not. A deletion whose answer holds what was deleted is one; without such
   * an answer a large deletion is carried out in pieces.
   */
  public static Command.@Nullable Txn heavy(Command command) {
    return switch (command) {
      case Command.Txn txn when isHeavy(txn) || answers(txn) > SINGLES_WEIGHED -> txn;
      case Command.DeleteRange delete when answers(delete) > 1 ->
          new Command.Txn(List.of(), List.of(delete), List.of());
      default -> null;
    };
  }

  /** Whether it is a deletion of a range by itself. */
  public static boolean deletesRange(Command command) {
    return command instanceof Command.DeleteRange delete && !delete.rangeEnd().isEmpty();
  }

  private static boolean isHeavy(Command.Txn txn) {
    for (Compare compare : txn.compares()) {
      if (!compare.rangeEnd().isEmpty()) {
        return true;
      }
    }
    return isHeavy(txn.success()) || isHeavy(txn.failure());
  }

  private static boolean isHeavy(List<Op> ops) {
    for (Op op : ops) {
      boolean heavy =
          switch (op) {
            case Range range -> !range.rangeEnd().isEmpty();
            case Command.DeleteRange delete -> !delete.rangeEnd().isEmpty();
            case Command.Txn txn -> isHeavy(txn);
            case Command.Put _ -> false;
          };
      if (heavy) {
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
          Command.OfLease _ ->
          false;
    };
  }

  /** How many keys an answer may hold, as far as that counts. */
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
