package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.kv.Command.Op;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Carries operations out on a draft, as etcd does. What can be refused is refused before. */
final class Operations {
  private final Draft draft;

  Operations(Draft draft) {
    this.draft = draft;
  }

  /** Reads alone, on keys of any kind. */
  static Result.Txn read(Branch branch, Keyspace keys) {
    return new Result.Txn(keys.revision(), branch.succeeded(), responses(branch, keys));
  }

  /** The header of a nested transaction's response is empty in etcd: revision 0. */
  private static List<Result> responses(Branch branch, Keyspace keys) {
    Iterator<Branch> nested = branch.nested().iterator();
    List<Result> responses = new ArrayList<>(branch.ops().size());
    for (Op op : branch.ops()) {
      responses.add(
          switch (op) {
            case Range range -> Ranges.read(range, keys);
            case Command.Put _, Command.DeleteRange _ ->
                throw new IllegalStateException("a transaction that only reads changes nothing");
            case Command.Txn _ -> {
              Branch inner = nested.next();
              yield new Result.Txn(0, inner.succeeded(), responses(inner, keys));
            }
          });
    }
    return responses;
  }

  /**
   * Gives a key a value.
   *
   * @param before what is there
   */
  Result.Put put(Command.Put put, @Nullable KeyValue before) {
    draft.put(put.key(), valueOf(put, before), leaseOf(put, before), before);
    return new Result.Put(draft.revision(), put.prevKv() ? before : null);
  }

  /** The value that a put gives. */
  static Bytes valueOf(Command.Put put, @Nullable KeyValue before) {
    return put.ignoreValue() && before != null ? before.value() : put.value();
  }

  /** The lease that a put gives. */
  static long leaseOf(Command.Put put, @Nullable KeyValue before) {
    return put.ignoreLease() ? (before == null ? 0 : before.lease()) : put.lease();
  }
}
