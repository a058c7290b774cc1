package io.balsa.model;

import io.balsa.bytes.Bytes;
import io.balsa.model.Command.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The checks that etcd makes before it proposes or reads, in its order. */
public final class RequestRules {
  /** etcd's default for {@code --max-txn-ops}. */
  public static final int MAX_TXN_OPS = 128;

  private RequestRules() {}

  /** What is wrong with a range; null for nothing. */
  public static @Nullable RequestError check(Range range) {
    return provided(range.key());
  }

  /** What is wrong with a put; null for nothing. */
  public static @Nullable RequestError check(Command.Put put) {
    if (put.key().isEmpty()) {
      return RequestError.KEY_NOT_PROVIDED;
    }
    if (put.ignoreValue() && !put.value().isEmpty()) {
      return RequestError.VALUE_PROVIDED;
    }
    return put.ignoreLease() && put.lease() != 0 ? RequestError.LEASE_PROVIDED : null;
  }

  /** What is wrong with a deletion; null for nothing. */
  public static @Nullable RequestError check(Command.DeleteRange delete) {
    return provided(delete.key());
  }

  /**
   * What is wrong with a transaction; null for nothing.
   *
   * @param maxOps the most comparisons and the most operations of a branch; a nested transaction
   *     may have as many as the largest of its parent's three lists leaves
   */
  public static @Nullable RequestError check(Command.Txn txn, int maxOps) {
    RequestError error = checkParts(txn, maxOps);
    if (error != null) {
      return error;
    }
    boolean duplicate = new Touched().addAll(txn.success()) || new Touched().addAll(txn.failure());
    return duplicate ? RequestError.DUPLICATE_KEY : null;
  }

  /** Whether a transaction puts and deletes nothing, in no branch. */
  public static boolean onlyReads(Command.Txn txn) {
    return onlyReads(txn.success()) && onlyReads(txn.failure());
  }

  private static boolean onlyReads(List<Op> ops) {
    for (Op op : ops) {
      boolean reads =
          switch (op) {
            case Range _ -> true;
            case Command.Txn txn -> onlyReads(txn);
            case Command.Put _, Command.DeleteRange _ -> false;
          };
      if (!reads) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable RequestError provided(Bytes key) {
    return key.isEmpty() ? RequestError.KEY_NOT_PROVIDED : null;
  }

  private static @Nullable RequestError checkParts(Command.Txn txn, int maxOps) {
    int ops = Math.max(txn.compares().size(), Math.max(txn.success().size(), txn.failure().size()));
    if (ops > maxOps) {
      return RequestError.TOO_MANY_OPERATIONS;
    }
    for (Compare compare : txn.compares()) {
      if (compare.key().isEmpty()) {
        return RequestError.KEY_NOT_PROVIDED;
      }
    }
    RequestError success = checkOps(txn.success(), maxOps - ops);
    return success == null ? checkOps(txn.failure(), maxOps - ops) : success;
  }

  private static @Nullable RequestError checkOps(List<Op> ops, int maxOps) {
    for (Op op : ops) {
      RequestError error =
          switch (op) {
            case Range range -> check(range);
            case Command.Put put -> check(put);
            case Command.DeleteRange delete -> check(delete);
            case Command.Txn txn -> checkParts(txn, maxOps);
          };
      if (error != null) {
        return error;
      }
    }
    return null;
  }

  /**
   * The keys that a branch puts and deletes, by etcd's rules. A deletion to the end of all keys
   * does not count. A deletion in a nested transaction conflicts with puts of later nested ones and
   * of the level above. It does not conflict with puts of earlier nested ones.
   */
  private static final class Touched {
    private final TreeSet<Bytes> puts = new TreeSet<>();
    private final List<Span> deletes = new ArrayList<>();

    /** Adds the operations of a level; true when a key is touched twice. */
    boolean addAll(List<Op> ops) {
      for (Op op : ops) {
        if (op instanceof Command.DeleteRange(Bytes key, Bytes rangeEnd, boolean _)) {
          deletes.add(new Span(key, rangeEnd));
        }
      }
      for (Op op : ops) {
        if (op instanceof Command.Txn txn && addNested(txn)) {
          return true;
        }
      }
      for (Op op : ops) {
        if (op instanceof Command.Put put && (isDeleted(put.key()) || !puts.add(put.key()))) {
          return true;
        }
      }
      return false;
    }

    private boolean addNested(Command.Txn txn) {
      Touched success = new Touched();
      Touched failure = new Touched();
      if (success.addAll(txn.success()) || failure.addAll(txn.failure())) {
        return true;
      }
      TreeSet<Bytes> either = new TreeSet<>();
      either.addAll(success.puts);
      either.addAll(failure.puts);
      for (Bytes key : either) {
        if (isDeleted(key) || !puts.add(key)) {
          return true;
        }
      }
      deletes.addAll(success.deletes);
      deletes.addAll(failure.deletes);
      return false;
    }

    private boolean isDeleted(Bytes key) {
      for (Span delete : deletes) {
        if (covers(delete, key)) {
          return true;
        }
      }
      return false;
    }

    private static boolean covers(Span delete, Bytes key) {
      return delete.rangeEnd().isEmpty()
          ? delete.key().equals(key)
          : delete.key().compareTo(key) <= 0 && key.compareTo(delete.rangeEnd()) < 0;
    }
  }
}
