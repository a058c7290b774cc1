package io.balsa.wal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A damaged stretch of the log, between good records.
 *
 * @param to where the next good record begins; {@link #UNKNOWN} when the stretch goes on to the end
 *     of its segment's records
 * @param header the header of the damaged record, if only the payload of a single record is damaged
 * @param before the state that the records before it add up to
 * @param checksum the checksum that the stretch must end with, as the next good record names it
 * @param nextBatch the batch of the record after the stretch
 * @param nextIndex the index of the entry right after it; {@link #UNKNOWN} when there is none
 */
record Hole(
    Segment segment,
    long from,
    long to,
    RecordFormat.@Nullable Header header,
    Before before,
    int checksum,
    long nextBatch,
    long nextIndex) {
  static final long UNKNOWN = -1;

  /** The most entries that are looked for in one stretch. */
  static final int ENTRIES_MAX = 1_000;

  private static final int ENTRIES_WHERE_UNKNOWN = 64;

  /**
   * The state of the log before a stretch.
   *
   * @param link the chain: batch and end of batch of the record before, and its checksum
   * @param index the index that the next entry would have; {@link #UNKNOWN} when a stretch before
   *     hides it
   * @param opening the first record of the segment, if the stretch begins with it
   * @param voters the servers that a lost vote can name
   */
  record Before(
      RecordFormat.Link link,
      long index,
      long boot,
      long term,
      WalRecord.Opening opening,
      List<Long> voters) {}

  /** The number of the batch of the first damaged record. */
  long batch() {
    return before.link().last() ? before.link().batch() + 1 : before.link().batch();
  }

  /** How many bytes may be written. */
  long room() {
    return (to == UNKNOWN ? segment.capacity() : to) - from;
  }

  /** The indexes of entries that may be missing, ascending; none while that is unknown. */
  List<Long> wanted() {
    if (header != null) {
      return RecordFormat.isAppend(header) ? List.of(header.index()) : List.of();
    }
    List<Long> wanted = new ArrayList<>();
    if (before.index() != UNKNOWN) {
      for (long index = before.index(); index < before.index() + entriesMax(); index++) {
        wanted.add(index);
      }
    }
    return wanted;
  }

  private long entriesMax() {
    long fitting = to == UNKNOWN ? ENTRIES_WHERE_UNKNOWN : room() / RecordFormat.HEADER_BYTES;
    long most = Math.min(fitting, ENTRIES_MAX);
    return nextIndex > before.index() ? Math.min(most, nextIndex - before.index()) : most;
  }
}
