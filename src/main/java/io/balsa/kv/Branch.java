package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.model.Command;
import io.balsa.model.Command.Op;
import io.balsa.model.Compare;
import io.balsa.model.Compare.Operand;
import io.balsa.model.Compare.Relation;
import io.balsa.model.KeyValue;
import io.balsa.model.KvError;
import io.balsa.model.Range;
import io.balsa.model.Seen;
import io.balsa.model.Span;
import io.balsa.rows.Keyspace;
import io.balsa.rows.Rows;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The branch that a transaction takes. It is chosen, through all nested transactions, before
 * anything changes. Then it is checked whether the branch can be carried out, because a transaction
 * is refused whole.
 *
 * @param succeeded whether all comparisons held
 * @param nested the branches of the transactions among the operations, in their order
 */
record Branch(boolean succeeded, List<Op> ops, List<Branch> nested) {
  private static final KeyValue NOTHING = new KeyValue(Bytes.EMPTY, Bytes.EMPTY, 0, 0, 0, 0);

  static Branch choose(Command.Txn txn, Keyspace before) {
    boolean succeeded = true;
    for (Compare compare : txn.compares()) {
      if (!holds(compare, before)) {
        succeeded = false;
        break;
      }
    }
    List<Op> ops = succeeded ? txn.success() : txn.failure();
    List<Branch> nested = List.of();
    for (Op op : ops) {
      if (op instanceof Command.Txn inner) {
        nested = nested.isEmpty() ? new ArrayList<>() : nested;
        nested.add(choose(inner, before));
      }
    }
    return new Branch(succeeded, ops, nested);
  }

  /** Why the branch cannot be carried out; null if it can. */
  @Nullable KvError refusal(Keyspace before) {
    int inner = 0;
    for (Op op : ops) {
      KvError error =
          switch (op) {
            case Range range -> refusal(range, before);
            case Command.Put put -> refusal(put, before);
            case Command.DeleteRange _ -> null;
            case Command.Txn _ -> nested.get(inner++).refusal(before);
          };
      if (error != null) {
        return error;
      }
    }
    return null;
  }

  /** A negative revision is the newest one here too, but only until something is compacted. */
  private static @Nullable KvError refusal(Range range, Keyspace before) {
    if (range.revision() == 0) {
      return null;
    }
    if (range.revision() > before.revision()) {
      return KvError.FUTURE_REVISION;
    }
    return range.revision() < before.compactRevision() ? KvError.COMPACTED : null;
  }

  /** The lease is checked before the key, as in etcd 3.7 and as for a put alone. */
  private static @Nullable KvError refusal(Command.Put put, Keyspace before) {
    KvError lease = leaseRefusal(put, before);
    if (lease != null) {
      return lease;
    }
    boolean needsOld = put.ignoreValue() || put.ignoreLease();
    return needsOld && before.glance(put.key()) == null ? KvError.KEY_NOT_FOUND : null;
  }

  static @Nullable KvError leaseRefusal(Command.Put put, Keyspace before) {
    boolean needed = put.lease() != 0 && !put.ignoreLease();
    return needed && !before.hasLease(put.lease()) ? KvError.LEASE_NOT_FOUND : null;
  }

  private static boolean holds(Compare compare, Keyspace keys) {
    Span span = new Span(compare.key(), compare.rangeEnd());
    if (span.single()) {
      return holdsForOne(compare, keys);
    }
    if (span.isEmpty()) {
      return holdsForNothing(compare);
    }
    try (Rows rows = keys.newest(span)) {
      if (!rows.next()) {
        return holdsForNothing(compare);
      }
      do {
        if (!holds(compare, looksAtValue(compare) ? rows.row() : rows.bare())) {
          return false;
        }
      } while (rows.next());
      return true;
    }
  }

  /** Whether a condition on a single key holds. */
  static boolean holdsForOne(Compare compare, Keyspace keys) {
    if (looksAtValue(compare)) {
      return holds(compare, keys.newest(compare.key()));
    }
    Seen seen = keys.glance(compare.key());
    return holds(compare, seen == null ? null : seen.kv());
  }

  /** A key that is not there compares as zeros, but its value compares as nothing at all. */
  private static boolean holdsForNothing(Compare compare) {
    return !looksAtValue(compare) && compares(compare, NOTHING);
  }

  /**
   * Whether a condition holds for a key.
   *
   * @param kv null for one that is not there
   */
  static boolean holds(Compare compare, @Nullable KeyValue kv) {
    return kv == null ? holdsForNothing(compare) : compares(compare, kv);
  }

  /** Whether a condition is one about values. */
  static boolean looksAtValue(Compare compare) {
    return compare.operand() instanceof Operand.Value;
  }

  private static boolean compares(Compare compare, KeyValue kv) {
    int order =
        switch (compare.operand()) {
          case Operand.Version(long version) -> Long.compare(kv.version(), version);
          case Operand.CreateRevision(long revision) -> Long.compare(kv.createRevision(), revision);
          case Operand.ModRevision(long revision) -> Long.compare(kv.modRevision(), revision);
          case Operand.Lease(long lease) -> Long.compare(kv.lease(), lease);
          case Operand.Value(var value) -> kv.value().compareTo(value);
        };
    return holds(compare.relation(), order);
  }

  private static boolean holds(Relation relation, int order) {
    return switch (relation) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case GREATER -> order > 0;
      case LESS -> order < 0;
    };
  }
}
