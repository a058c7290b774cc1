package io.balsa.kv;

import io.balsa.model.Command;
import io.balsa.model.Command.Op;
import io.balsa.model.Compare;
import io.balsa.model.Span;
import io.balsa.rows.Rows;
import io.balsa.rows.ViewKeyspace;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Chooses a transaction's branch step by step, as {@link Branch#choose} does at once. */
final class BranchChoice {
  private final ViewKeyspace keys;

  /** The transactions whose branches are being chosen, the innermost on top. */
  private final Deque<Choosing> choosing = new ArrayDeque<>();

  private @Nullable Rows compared;
  private boolean anyCompared;
  private @Nullable Branch branch;

  BranchChoice(Command.Txn txn, ViewKeyspace keys) {
    this.keys = keys;
    choosing.push(new Choosing(txn));
  }

  /** A transaction, and how far its choice is. */
  private static final class Choosing {
    private final Command.Txn txn;
    private final List<Branch> nested = new ArrayList<>();
    private int compare;
    private boolean failed;
    private int op;

    Choosing(Command.Txn txn) {
      this.txn = txn;
    }

    boolean compares() {
      return !failed && compare < txn.compares().size();
    }

    List<Op> ops() {
      return failed ? txn.failure() : txn.success();
    }

    void compared(boolean holds) {
      failed = !holds;
      compare++;
    }
  }

  /** Takes a step; whether it was the last one. */
  boolean step() {
    Choosing top = choosing.element();
    if (top.compares()) {
      step(top, top.txn.compares().get(top.compare));
    } else if (top.op < top.ops().size()) {
      if (top.ops().get(top.op++) instanceof Command.Txn inner) {
        choosing.push(new Choosing(inner));
      }
    } else {
      choosing.pop();
      chosen(new Branch(!top.failed, top.ops(), top.nested));
    }
    return branch != null;
  }

  private void chosen(Branch done) {
    if (choosing.isEmpty()) {
      branch = done;
    } else {
      choosing.element().nested.add(done);
    }
  }

  private void step(Choosing top, Compare compare) {
    Span span = new Span(compare.key(), compare.rangeEnd());
    if (span.single() || span.isEmpty()) {
      top.compared(span.single() ? Branch.holdsForOne(compare, keys) : Branch.holds(compare, null));
      return;
    }
    Rows rows = compared;
    if (rows == null) {
      rows = keys.newest(span);
      compared = rows;
      anyCompared = false;
    }
    switch (rows.step()) {
      case KEY -> {
        anyCompared = true;
        if (!Branch.holds(compare, Branch.looksAtValue(compare) ? rows.row() : rows.bare())) {
          end(top, rows, false);
        }
      }
      case NOTHING -> {}
      case END -> end(top, rows, anyCompared || Branch.holds(compare, null));
    }
  }

  private void end(Choosing top, Rows rows, boolean holds) {
    rows.close();
    compared = null;
    top.compared(holds);
  }

  boolean isMade() {
    return branch != null;
  }

  Branch branch() {
    return Objects.requireNonNull(branch, "a branch is known after the last step");
  }

  void pause() {
    if (compared != null) {
      compared.pause();
    }
  }
}
