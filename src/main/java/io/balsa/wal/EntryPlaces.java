package io.balsa.wal;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The place of each entry of a log, by its index; of several, the one written last. */
final class EntryPlaces {
  private static final int FIRST_ROOM = 1_024;

  private long base = -1;
  private Segment[] segments = new Segment[0];
  private long[] offsets = new long[0];

  /** A place in a segment. */
  record Place(Segment segment, long offset) {}

  void put(long index, Segment segment, long offset) {
    base = base < 0 ? index : base;
    if (index < base) {
      return; // the log was restarted at a later index; entries before it are not read
    }
    int at = Math.toIntExact(index - base);
    if (at >= offsets.length) {
      int room = Math.max(at + 1, Math.max(FIRST_ROOM, 2 * offsets.length));
      segments = Arrays.copyOf(segments, room);
      offsets = Arrays.copyOf(offsets, room);
    }
    segments[at] = segment;
    offsets[at] = offset;
  }

  @Nullable Place find(long index) {
    long at = index - base;
    boolean known = base >= 0 && at >= 0 && at < offsets.length && segments[(int) at] != null;
    return known ? new Place(segments[(int) at], offsets[(int) at]) : null;
  }
}
