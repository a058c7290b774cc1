package io.balsa.wal;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Where each entry of a log stands, by its index; the last one written where there are several. */
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
      return; // the log began anew further ahead; nobody asks for what lies before
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
