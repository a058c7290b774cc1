package io.balsa.kv;

import io.balsa.model.KeyValue;
import io.balsa.model.KvError;
import io.balsa.model.Range;
import io.balsa.model.Result;
import io.balsa.model.Seen;
import io.balsa.model.Span;
import io.balsa.rows.AnswerBytes;
import io.balsa.rows.Head;
import io.balsa.rows.Rows;
import io.balsa.rows.ViewKeyspace;
import org.jspecify.annotations.Nullable;

/** A range on its way to its answer, step by step. */
final class RangeScan {
  private final Range range;
  private final ViewKeyspace keys;
  private final Head head;
  private final AnswerBytes held;

  /** The keys picked from a span of several keys; null for a range of one key. */
  private final @Nullable Picked picked;

  /** The counts of an earlier scan of the same keys; null for none. */
  private final @Nullable Picked counted;

  private @Nullable Rows rows;
  private @Nullable Result result;

  /**
   * Before the first step.
   *
   * @param head for looks at single rows
   */
  RangeScan(Range range, ViewKeyspace keys, Head head, AnswerBytes held) {
    this(range, keys, head, held, null);
  }

  private RangeScan(
      Range range, ViewKeyspace keys, Head head, AnswerBytes held, @Nullable Picked counted) {
    this.counted = counted;
    this.range = range;
    this.keys = keys;
    this.head = head;
    this.held = held;
    this.picked = range.rangeEnd().isEmpty() ? null : new Picked(range, held);
  }

  /** The same from the beginning, after it came to its end. It takes over the counts. */
  RangeScan fromTheBeginning() {
    pause();
    return new RangeScan(range, keys, head, held, picked);
  }

  /** Takes a step; whether it was the last one. */
  boolean step() {
    if (result == null && rows == null) {
      held.take(AnswerBytes.ANSWER_BYTES);
      KvError error = Ranges.refusal(range.revision(), keys);
      if (error != null) {
        result = new Result.Refused(keys.revision(), error);
        return true;
      }
    }
    return picked == null ? stepOne() : stepMany(picked);
  }

  private boolean stepMany(Picked picks) {
    Rows scanned = scanned();
    Rows.Step step = scanned.step();
    switch (step) {
      case KEY -> picks.count(scanned);
      case NOTHING -> {}
      case END -> end(picks);
    }
    if (counted != null && picks.isComplete()) {
      picks.countAs(counted);
      end(picks);
    }
    return result != null;
  }

  private void end(Picked picks) {
    picks.end();
    close();
    result = Ranges.answer(picks, keys);
  }

  private Rows scanned() {
    Rows open = rows;
    if (open == null) {
      open = Ranges.rows(range, new Span(range.key(), range.rangeEnd()), keys);
      rows = open;
    }
    return open;
  }

  /** The newest version first; it is the one unless the revision asked for is an older one. */
  private boolean stepOne() {
    Rows past = rows;
    if (past == null) {
      return stepNewest(keys.storedNewest(range.key(), head));
    }
    boolean there = past.step() == Rows.Step.KEY;
    result =
        there
            ? found(new Seen(past.bare(), past.valueSize()), past)
            : Ranges.one(range, null, keys);
    close();
    return true;
  }

  private boolean stepNewest(@Nullable Seen seen) {
    boolean asked = Ranges.isNewest(range, keys);
    long revision = asked ? keys.revision() : range.revision();
    if (seen != null && keys.isDeleted(seen.kv(), revision)) {
      result = Ranges.one(range, null, keys);
    } else if (asked || (seen != null && seen.kv().modRevision() <= revision)) {
      result = seen == null ? Ranges.one(range, null, keys) : found(seen, null);
    } else {
      rows = keys.past(range.key(), revision);
      return false;
    }
    return true;
  }

  private Result found(Seen seen, @Nullable Rows past) {
    KeyValue kv = seen.kv();
    if (!Ranges.gives(range, kv)) {
      return Ranges.one(range, kv, keys);
    }
    boolean fits = held.take(Picked.size(kv.key(), range.keysOnly() ? 0 : seen.valueSize()));
    if (!fits || range.keysOnly()) {
      return Ranges.one(range, fits ? kv : null, keys);
    }
    return Ranges.one(range, past == null ? keys.load(seen) : past.row(), keys);
  }

  /** The answer, after the last step. */
  Result answer() {
    if (result == null) {
      throw new IllegalStateException("a range has its answer after its last step");
    }
    return result;
  }

  /** Drops the picked keys. */
  void drop() {
    result = null;
    if (picked != null) {
      picked.drop();
    }
  }

  void pause() {
    if (rows != null) {
      rows.pause();
    }
  }

  private void close() {
    if (rows != null) {
      rows.close();
      rows = null;
    }
  }
}
