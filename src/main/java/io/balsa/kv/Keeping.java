package io.balsa.kv;

import io.balsa.model.EntryToApply;
import io.balsa.model.Result;
import io.balsa.model.WriteId;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides which parts of an answer are built and which are only measured. Parts are built if a
 * client waits at this server and there is room, or if the ledger remembers them for a named write.
 */
final class Keeping {
  /** Keeps nothing, so it has no state. */
  private static final Keeping NONE = new Keeping(null, 0);

  /** Whether there is room for so many bytes for the waiting client; null when none waits. */
  private final @Nullable LongPredicate room;

  /** The bytes built for the client so far. */
  private long built;

  /** How many more bytes the ledger may remember. */
  private long left;

  private Keeping(@Nullable LongPredicate room, long ledger) {
    this.room = room;
    this.left = ledger;
  }

  /** The one for an entry. */
  static Keeping of(EntryToApply entry, WriteId write) {
    if (entry.room() == null && write.isNone()) {
      return NONE;
    }
    return new Keeping(entry.room(), write.isNone() ? 0 : ResultRow.BYTES_MAX);
  }

  /** The one for a client that waits for a read. */
  static Keeping all() {
    return new Keeping(_ -> true, 0);
  }

  /** The one for a question about the cost alone. */
  static Keeping none() {
    return NONE;
  }

  /** Whether a part of so many bytes would be kept now. */
  boolean keeps(long bytes) {
    return bytes <= Result.EMPTY_BYTES
        || bytes <= left
        || (room != null && room.test(built + bytes));
  }

  /** The part as it is kept; a part without keys is always kept. */
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
