package io.balsa.kv;

import io.balsa.model.Command;
import io.balsa.model.Command.Op;
import io.balsa.model.KvError;
import io.balsa.model.Range;
import io.balsa.model.Result;
import io.balsa.rows.AnswerBytes;
import io.balsa.rows.Head;
import io.balsa.rows.ViewKeyspace;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers a transaction that changes nothing: first chooses its branch, then reads its ranges. */
final class TxnReading extends Reading<Result> {
  private final ViewKeyspace keys;
  private final Head head;
  private final BranchChoice choice;
  private @Nullable Result result;

  /** The transactions being answered, the innermost on top; empty before the branch is chosen. */
  private final Deque<Answering> answering = new ArrayDeque<>();

  private @Nullable RangeScan scan;

  TxnReading(Command.Txn txn, ViewKeyspace keys, Head head, AnswerBytes held) {
    super(held);
    this.keys = keys;
    this.head = head;
    this.choice = new BranchChoice(txn, keys);
  }

  /** A transaction with its branch chosen, and its answers so far. */
  private static final class Answering {
    private final Branch branch;
    private final Iterator<Op> ops;
    private final Iterator<Branch> nested;
    private List<Result> responses = new ArrayList<>();

    Answering(Branch branch) {
      this.branch = branch;
      this.ops = branch.ops().iterator();
      this.nested = branch.nested().iterator();
    }
  }

  @Override
  boolean step() {
    if (answering.isEmpty()) {
      return (choice.isMade() || choice.step()) && begin(choice.branch());
    }
    RangeScan open = scan;
    if (open == null) {
      return nextOp(answering.element());
    }
    if (open.step()) {
      answering.element().responses.add(open.answer());
      scan = null;
    }
    return false;
  }

  /** Begins to answer; true when that was the last step. */
  private boolean begin(Branch branch) {
    KvError error = branch.refusal(keys);
    if (error != null) {
      result = new Result.Refused(keys.revision(), error);
      return true;
    }
    answering.push(new Answering(branch));
    return false;
  }

  private boolean nextOp(Answering top) {
    held().take(AnswerBytes.ANSWER_BYTES);
    if (!top.ops.hasNext()) {
      answering.pop();
      return end(top);
    }
    switch (top.ops.next()) {
      case Range range -> scan = new RangeScan(range, keys, head, held());
      case Command.Txn _ -> answering.push(new Answering(top.nested.next()));
      case Command.Put _, Command.DeleteRange _ ->
          throw new IllegalStateException("a transaction that only reads changes nothing");
    }
    return false;
  }

  /** The header of a nested transaction's response is empty in etcd: revision 0. */
  private boolean end(Answering done) {
    boolean outermost = answering.isEmpty();
    Result.Txn txn =
        new Result.Txn(outermost ? keys.revision() : 0, done.branch.succeeded(), done.responses);
    if (outermost) {
      result = txn;
    } else {
      answering.element().responses.add(txn);
    }
    return outermost;
  }

  @Override
  void dropParts() {
    result = null;
    answering.forEach(each -> each.responses = new ArrayList<>());
    if (scan != null) {
      scan.drop();
    }
  }

  /** The branch stays as it was chosen: it is the same view. */
  @Override
  void reset() {
    pause();
    scan = null;
    result = null;
    answering.clear();
  }

  @Override
  public void pause() {
    choice.pause();
    if (scan != null) {
      scan.pause();
    }
  }

  @Override
  public Result answer() {
    if (result == null) {
      throw new IllegalStateException("a transaction has its answer after its last step");
    }
    return result;
  }
}
