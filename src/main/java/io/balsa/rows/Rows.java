package io.balsa.rows;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;
import io.balsa.model.KeyValue;
import io.balsa.model.Seen;
import io.balsa.model.Span;
import java.util.function.Predicate;

/** The live keys of a span, ascending. A row is decoded only as far as the caller asks. */
public interface Rows extends AutoCloseable {
  /** The outcome of a step. */
  enum Step {
    /** It stands on a key. */
    KEY,
    /** It passed a row that this reader does not see; it stands on nothing. */
    NOTHING,
    /** There are no more keys, now and for good. */
    END
  }

  /** Takes one step, of about the same cost each. */
  Step step();

  /** Goes to the next key; false when there is none, and then for good. */
  default boolean next() {
    Step step = step();
    while (step == Step.NOTHING) {
      step = step();
    }
    return step == Step.KEY;
  }

  /** The key stood on. */
  Bytes key();

  /** The key stood on and its numbers; the value may be there or not. */
  KeyValue bare();

  /** The size of the value of the key stood on. */
  int valueSize();

  /** The key stood on, its numbers and its value. */
  KeyValue row();

  /** The key stood on, with its value where that is small. */
  default Seen seen() {
    return Octets.fits(valueSize()) ? Seen.whole(row()) : new Seen(bare(), valueSize());
  }

  /** Closes cursors until the next call; the place stays. */
  void pause();

  @Override
  void close();

  /** The newest versions. */
  static Rows newest(Engine.View view, Octets octets, Span span) {
    Walk walk = new Walk(view, Layout.current(span.key()), Layout.currentEnd(span));
    return new NewestRows(walk, octets);
  }

  /** The versions that were there at a revision. */
  static Rows at(Engine.View view, Octets octets, Span span, long revision, Tombstones tombstones) {
    Rows still =
        newest(view, octets, span)
            .where(kv -> kv.modRevision() <= revision && !tombstones.cover(kv, revision));
    return new MergedRows(still, PastRows.of(view, octets, span, revision));
  }

  /** Those for which a condition holds, which does not look at values. */
  default Rows where(Predicate<KeyValue> condition) {
    return new FilteredRows(this, condition);
  }
}
