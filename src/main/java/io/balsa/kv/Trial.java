package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.model.Command;
import io.balsa.model.Command.Op;
import io.balsa.model.KeyValue;
import io.balsa.model.KvError;
import io.balsa.model.Range;
import io.balsa.model.Result;
import io.balsa.model.Seen;
import io.balsa.model.Span;
import io.balsa.rows.AnswerBytes;
import io.balsa.rows.Cost;
import io.balsa.rows.Keyspace;
import io.balsa.rows.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tries a transaction before it has an effect: finds its cost, its answer and its changes. {@link
 * TrialKeys} is an overlay: the keys before the transaction, under its own puts and deletions. So
 * each operation sees the changes of those before it. {@link Cost} bounds the bytes that it holds.
 *
 * <p>A trial runs at two places. Every server tries each transaction when it applies it ({@link
 * Commands}). Before the proposal, the lane for weighings tries a heavy one on the present keys,
 * and a refused one is not proposed ({@link StoreReader#refusal}).
 */
final class Trial {
  private final TrialKeys keys;
  private final Cost cost;
  private final Keeping keeping;

  /** The changes to make if the cost stays within its bounds. */
  private List<Consumer<Draft>> writes = List.of();

  /** Whether there is only one operation, so that none sees another one's changes. */
  private boolean isSingle;

  /**
   * A trial on keys that do not change meanwhile.
   *
   * @param cost counts its cost and says in the end whether the transaction is refused
   * @param keeping which parts of the answer are built
   */
  Trial(Keyspace before, Cost cost, Keeping keeping) {
    this.keys = new TrialKeys(before, cost);
    this.cost = cost;
    this.keeping = keeping;
  }

  /** Chooses the branch; comparisons count for the cost, too. */
  Branch choose(Command.Txn txn) {
    return Branch.choose(txn, keys);
  }

  /** Why the branch cannot be carried out, or not even be chosen; null when it can. */
  @Nullable KvError refusal(Branch branch) {
    KvError error = cost.isOver() ? null : branch.refusal(keys);
    return cost.isOver() ? cost.refusal() : error;
  }

  /** Why the transaction is refused for its cost so far; null when it is not. */
  @Nullable KvError tooMuch() {
    return cost.refusal();
  }

  /** Tries a branch; the answer is invalid when the cost says that the transaction is refused. */
  Result.Txn run(Branch branch) {
    isSingle = branch.ops().size() == 1 && branch.nested().isEmpty();
    List<Result> responses = responses(branch);
    return new Result.Txn(keys.revision(), branch.succeeded(), responses);
  }

  /** Makes the changes that were tried. */
  void carryOut(Draft draft) {
    for (Consumer<Draft> write : writes) {
      write.accept(draft);
    }
  }

  /** The header of a nested transaction's response is empty in etcd: revision 0. */
  private List<Result> responses(Branch branch) {
    int nested = 0;
    List<Result> responses = new ArrayList<>(branch.ops().size());
    for (Op op : branch.ops()) {
      if (cost.isOver()) {
        break;
      }
      responses.add(
          switch (op) {
            case Range range -> kept(range(range));
            case Command.Put put -> kept(put(put));
            case Command.DeleteRange delete -> kept(delete(delete));
            case Command.Txn _ -> {
              Branch inner = branch.nested().get(nested++);
              yield new Result.Txn(0, inner.succeeded(), responses(inner));
            }
          });
    }
    return responses;
  }

  private Result kept(Result part) {
    cost.answer(part.bytes());
    return keeping.keep(part);
  }

  private void then(Consumer<Draft> write) {
    if (isSingle) {
      writes = List.of(write);
      return;
    }
    writes = writes.isEmpty() ? new ArrayList<>() : writes;
    writes.add(write);
  }

  private Result range(Range range) {
    KvError error = Ranges.refusal(range.revision(), keys);
    if (error != null) {
      return new Result.Refused(keys.revision(), error);
    }
    if (new Span(range.key(), range.rangeEnd()).single()) {
      return one(range);
    }
    AnswerBytes held = cost.mayHold();
    Result.Range answer = Ranges.answer(range, keys, held);
    cost.held(held);
    return answer;
  }

  /** A large value is read only where the answer is kept; elsewhere its size is enough. */
  private Result one(Range range) {
    Seen seen =
        Ranges.isNewest(range, keys)
            ? keys.glance(range.key())
            : keys.glanceAt(range.key(), range.revision());
    if (seen == null) {
      return Ranges.one(range, null, keys);
    }
    if (seen.isWhole() || range.keysOnly() || !Ranges.gives(range, seen.kv())) {
      return Ranges.one(range, seen.kv(), keys);
    }
    Result.Measured measured = Result.Measured.one(keys.revision(), seen);
    return cost.fits(measured.bytes()) && keeping.keeps(measured.bytes())
        ? Ranges.one(range, keys.load(seen), keys)
        : measured;
  }

  private Result put(Command.Put put) {
    KeyValue old = keys.newest(put.key());
    Bytes value = Operations.valueOf(put, old);
    long lease = Operations.leaseOf(put, old);
    if (isSingle) {
      keys.change();
    } else {
      keys.put(put.key(), value, lease, old);
    }
    if (old != null) {
      cost.replace(old);
    }
    then(draft -> draft.put(put.key(), value, lease, old));
    return new Result.Put(keys.revision(), put.prevKv() ? old : null);
  }

  private Result delete(Command.DeleteRange delete) {
    List<KeyValue> found = found(new Span(delete.key(), delete.rangeEnd()));
    if (!found.isEmpty()) {
      found.forEach(keys::delete);
      then(draft -> found.forEach(draft::delete));
    }
    return new Result.DeleteRange(
        keys.revision(), found.size(), delete.prevKv() ? found : List.of());
  }

  private List<KeyValue> found(Span span) {
    if (span.single()) {
      KeyValue kv = keys.newest(span.key());
      if (kv == null) {
        return List.of();
      }
      cost.delete(kv);
      return List.of(kv);
    }
    return span.isEmpty() ? List.of() : foundSeveral(span);
  }

  private List<KeyValue> foundSeveral(Span span) {
    List<KeyValue> found = new ArrayList<>();
    try (Rows rows = keys.newest(span)) {
      while (rows.next()) {
        cost.delete(rows.row());
        found.add(rows.row());
      }
    }
    return found;
  }
}
