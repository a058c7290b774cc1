package io.balsa.kv;

import io.balsa.model.EntryToApply;
import io.balsa.model.Result;
import io.balsa.model.WriteId;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Which parts of an answer are built: those for which there is room where a client waits, those
 * that the ledger remembers of a named write, nothing elsewhere. The rest is measured.
 */
final class Keeping {
  /** Keeps nothing, and so never changes. */
  private static final Keeping NONE = new Keeping(null, 0);

  /** Whether there is room for so much where a client waits; null when none does. */
  private final @Nullable LongPredicate room;

  /** Bytes that are built for the client so far. */
  private long built;

  /** Bytes that the ledger may remember yet. */
  private long left;

  private Keeping(@Nullable LongPredicate room, long ledger) {
    this.room = room;
    this.left = ledger;
  }

  /** That for an entry. */
  static Keeping of(EntryToApply entry, WriteId write) {
    if (entry.room() == null && write.isNone()) {
      return NONE;
    }
    return new Keeping(entry.room(), write.isNone() ? 0 : ResultRow.BYTES_MAX);
  }

  /** For a reader who waits. */
  static Keeping all() {
    return new Keeping(_ -> true, 0);
  }

  /** For somebody who only asks for the cost. */
  static Keeping none() {
    return NONE;
  }

  /** Whether a part of so many bytes would be kept now. */
  boolean keeps(long bytes) {
    return bytes <= Result.EMPTY_BYTES
        || bytes <= left
        || (room != null && room.test(built + bytes));
  }

  /** A part as it is kept; what holds no keys always is. */
  Result keep(Result part) {
    long bytes = part.bytes();
    if (bytes <= Result.EMPTY_BYTES) {
      return part;
    }
    boolean kept = !(part instanceof Result.Measured) && keeps(bytes);
    left = bytes <= left ? left - bytes : 0;
    built += kept ? bytes : 0;
    return kept ? part : Result.Measured.of(part);
  }
}
