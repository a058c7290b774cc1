package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;

/**
 * Counts the keys that a span's history holds. A version that ended by the compact revision does
 * not count: whether compaction has removed it already differs between replicas. As reads of the
 * past do, it steps over some versions of a key and then jumps over the rest.
 */
final class PastKeys {
  private final Engine.View view;
  private final Bytes end;
  private final long compactRevision;
  private final Cost cost;
  private Bytes key = Bytes.EMPTY;
  private int steps;

  private PastKeys(Engine.View view, Span span, long compactRevision, Cost cost) {
    this.view = view;
    this.end = Layout.historyEnd(span);
    this.compactRevision = compactRevision;
    this.cost = cost;
  }

  static void count(Engine.View view, Span span, long compactRevision, Cost cost) {
    PastKeys keys = new PastKeys(view, span, compactRevision, cost);
    Bytes from = Layout.history(span.key());
    while (from.compareTo(keys.end) < 0 && !cost.isOver()) {
      from = keys.countFrom(from);
    }
  }

  /** Counts until it has to jump; returns where to. */
  private Bytes countFrom(Bytes from) {
    try (Engine.Cursor rows = view.scan(from, end)) {
      while (!cost.isOver() && rows.next()) {
        Version version = Version.decode(Layout.keyOfHistory(rows.key()), rows.value());
        count(version);
        if (steps == PastRows.STEPS) {
          return Layout.historyEnd(key);
        }
      }
    }
    return end;
  }

  private void count(Version version) {
    boolean first = !version.kv().key().equals(key);
    steps = first ? 1 : steps + 1;
    key = version.kv().key();
    if (version.end() > compactRevision) {
      if (first) {
        cost.visit(version.kv());
      } else {
        cost.pass(version.kv());
      }
    }
  }
}
