package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;
import java.util.function.Predicate;

/** Keys of a span that are there, ascending. Nothing is decoded that is not asked for. */
interface Rows extends AutoCloseable {
  /** Goes to the next key; false when there is none, and then for good. */
  boolean next();

  /** The key stood on. */
  Bytes key();

  /** The key stood on and all about it. */
  KeyValue row();

  @Override
  void close();

  /** The newest versions. */
  static Rows newest(Engine.View view, Span span) {
    return new NewestRows(view.scan(Layout.current(span.key()), Layout.currentEnd(span)));
  }

  /** The versions that were there at a revision. */
  static Rows at(Engine.View view, Span span, long revision, Tombstones tombstones) {
    Rows still =
        newest(view, span)
            .where(kv -> kv.modRevision() <= revision && !tombstones.cover(kv, revision));
    return new MergedRows(still, new PastRows(view, span, revision));
  }

  /** Those for which a condition holds. */
  default Rows where(Predicate<KeyValue> condition) {
    return new FilteredRows(this, condition);
  }
}
