package io.balsa.model;

import io.balsa.bytes.Bytes;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A committed entry of the log, as the state machine sees it.
 *
 * @param envelope the command; null for an entry without one
 * @param configuration the configuration that the entry brings, opaque here; null for none
 * @param room whether a result of so many bytes may be built for a client that waits at this
 *     server; null when none waits. The stored state and the hash do not depend on it
 */
public record EntryToApply(
    long index,
    long term,
    @Nullable Envelope envelope,
    @Nullable Bytes configuration,
    @Nullable LongPredicate room) {
  /** An entry with a command, whose result is wanted. */
  public static EntryToApply of(long index, long term, Envelope envelope) {
    return of(index, term, envelope, _ -> true);
  }

  /** An entry that only advances the applied index. */
  public static EntryToApply empty(long index, long term) {
    return new EntryToApply(index, term, null, null, null);
  }

  /** An entry that brings a configuration. */
  public static EntryToApply configuration(long index, long term, Bytes configuration) {
    return new EntryToApply(index, term, null, configuration, null);
  }

  /**
   * An entry with a command.
   *
   * @param room as in {@link EntryToApply}
   */
  public static EntryToApply of(
      long index, long term, Envelope envelope, @Nullable LongPredicate room) {
    return new EntryToApply(index, term, envelope, null, room);
  }

  /** Whether a client at this server waits for the result. */
  public boolean isWanted() {
    return room != null;
  }
}
