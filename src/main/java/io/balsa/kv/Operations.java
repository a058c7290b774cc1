package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check;
import io.balsa.kv.Command.Op;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Carries operations out on a draft, as etcd does. What can be refused is refused before. */
final class Operations {
  private final Draft draft;

  Operations(Draft draft) {
    this.draft = draft;
  }

  /** Reads alone, on keys of any kind. */
  static Result.Txn read(Branch branch, Keyspace keys) {
    return new Result.Txn(keys.revision(), branch.succeeded(), responses(branch, keys, null));
  }

  Result.Txn run(Branch branch) {
    List<Result> responses = responses(branch, draft, this);
    return new Result.Txn(draft.revision(), branch.succeeded(), responses);
  }

  /** The header of a nested transaction's response is empty in etcd: revision 0. */
  private static List<Result> responses(Branch branch, Keyspace keys, @Nullable Operations writes) {
    Iterator<Branch> nested = branch.nested().iterator();
    List<Result> responses = new ArrayList<>(branch.ops().size());
    for (Op op : branch.ops()) {
      responses.add(
          switch (op) {
            case Range range -> Ranges.read(range, keys);
            case Command.Put put -> writing(writes).put(put);
            case Command.DeleteRange delete -> writing(writes).deleteRange(delete);
            case Command.Txn _ -> {
              Branch inner = nested.next();
              yield new Result.Txn(0, inner.succeeded(), responses(inner, keys, writes));
            }
          });
    }
    return responses;
  }

  private static Operations writing(@Nullable Operations writes) {
    Check.that(writes != null, "a transaction that only reads changes nothing");
    return Objects.requireNonNull(writes);
  }

  Result.Put put(Command.Put put) {
    KeyValue before = draft.newest(put.key());
    Bytes value = put.ignoreValue() && before != null ? before.value() : put.value();
    long lease = put.ignoreLease() ? (before == null ? 0 : before.lease()) : put.lease();
    draft.put(put.key(), value, lease, before);
    return new Result.Put(draft.revision(), put.prevKv() ? before : null);
  }

  Result.DeleteRange deleteRange(Command.DeleteRange delete) {
    List<KeyValue> found = found(new Span(delete.key(), delete.rangeEnd()));
    found.forEach(draft::delete);
    return new Result.DeleteRange(
        draft.revision(), found.size(), delete.prevKv() ? found : List.of());
  }

  private List<KeyValue> found(Span span) {
    if (span.single()) {
      KeyValue kv = draft.newest(span.key());
      return kv == null ? List.of() : List.of(kv);
    }
    if (span.isEmpty()) {
      return List.of();
    }
    List<KeyValue> found = new ArrayList<>();
    try (Rows rows = draft.newest(span)) {
      while (rows.next()) {
        found.add(rows.row());
      }
    }
    return found;
  }
}
