package io.balsa.rows;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;
import io.balsa.model.Seen;
import io.balsa.model.Span;

/**
 * Counts the keys in the history of a span. A version that ended by the compact revision does not
 * count, because replicas differ in whether they have removed it. Like reads of the past, it steps
 * over some versions of a key and then seeks past the rest.
 */
final class PastKeys {
  private final Engine.View view;
  private final Head head;
  private final Bytes end;
  private final long compactRevision;
  private final Cost cost;
  private Bytes key = Bytes.EMPTY;
  private int steps;

  private PastKeys(ViewKeyspace keys, Span span, Cost cost) {
    this.view = keys.view();
    this.head = new Head(keys.octets());
    this.end = Layout.historyEnd(span);
    this.compactRevision = keys.compactRevision();
    this.cost = cost;
  }

  static void count(ViewKeyspace all, Span span, Cost cost) {
    PastKeys keys = new PastKeys(all, span, cost);
    Bytes from = Layout.history(span.key());
    while (from.compareTo(keys.end) < 0 && !cost.isOver()) {
      from = keys.countFrom(from);
    }
  }

  /** Counts until it has to jump; returns where to. */
  private Bytes countFrom(Bytes from) {
    try (Engine.Cursor rows = view.scan(from, end)) {
      while (!cost.isOver() && rows.next()) {
        head.superseded(rows.peek(head.octets()));
        count(Layout.keyOfHistory(rows.key()));
        if (steps == PastRows.STEPS) {
          return Layout.historyEnd(key);
        }
      }
    }
    return end;
  }

  private void count(Bytes found) {
    boolean first = !found.equals(key);
    steps = first ? 1 : steps + 1;
    key = found;
    if (head.end() > compactRevision) {
      Seen version = new Seen(head.bare(found), head.valueSize());
      if (first) {
        cost.visit(version);
      } else {
        cost.pass(version);
      }
    }
  }
}
