package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.model.KeyValue;
import io.balsa.model.KvError;
import io.balsa.model.Range;
import io.balsa.model.RangePiece;
import io.balsa.model.Span;
import io.balsa.rows.AnswerBytes;
import io.balsa.rows.Rows;
import io.balsa.rows.ViewKeyspace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a part of a range. */
final class PieceReading extends Reading<RangePiece> {
  private final Range range;
  private final Span span;
  private final ViewKeyspace keys;
  private final int keysMax;
  private final long bytesMax;
  private final @Nullable KvError error;
  private @Nullable Rows rows;
  private List<KeyValue> kvs = new ArrayList<>();
  private int taken;
  private long bytes;
  private long rest;
  private @Nullable Bytes next;

  PieceReading(Range range, ViewKeyspace keys, int keysMax, long bytesMax, AnswerBytes held) {
    super(held);
    this.range = range;
    this.span = new Span(range.key(), range.rangeEnd());
    this.keys = keys;
    this.keysMax = keysMax;
    this.bytesMax = bytesMax;
    this.error = Ranges.refusal(range.revision(), keys);
  }

  @Override
  boolean step() {
    if (rows == null) {
      held().take(AnswerBytes.ANSWER_BYTES);
      if (error != null || span.isEmpty()) {
        return true;
      }
      rows = Ranges.rows(range, several(), keys);
    }
    return switch (rows.step()) {
      case KEY -> take(rows);
      case NOTHING -> false;
      case END -> true;
    };
  }

  private Span several() {
    return span.single() ? new Span(span.key(), span.key().next()) : span;
  }

  private boolean take(Rows found) {
    if (range.countOnly() || (range.limit() > 0 && taken == range.limit())) {
      rest++;
    } else if (taken == keysMax || bytes >= bytesMax) {
      next = found.key();
      return true;
    } else {
      int valueSize = range.keysOnly() ? 0 : found.valueSize();
      taken++;
      bytes += found.key().size() + valueSize;
      if (held().take(Picked.size(found.key(), valueSize))) {
        kvs.add(range.keysOnly() ? Picked.keyOnly(range, found.bare()) : found.row());
      }
    }
    return false;
  }

  @Override
  void dropParts() {
    kvs = new ArrayList<>();
  }

  @Override
  void reset() {
    pause();
    rows = null;
    kvs = new ArrayList<>();
    taken = 0;
    bytes = 0;
    rest = 0;
    next = null;
  }

  @Override
  public void pause() {
    if (rows != null) {
      rows.pause();
    }
  }

  @Override
  public RangePiece answer() {
    return new RangePiece(keys.revision(), kvs, next, rest, error);
  }
}
