package io.balsa.wal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The places of the log's entries: runs of consecutive entries in one segment, and in each run some
 * places to begin reading. At most 16 bytes of memory for every {@link #STRIDE_ENTRIES} entries or
 * {@link #STRIDE_BYTES}, whichever comes first. Safe from any thread.
 */
final class EntryIndex {
  static final int STRIDE_ENTRIES = 64;
  static final int STRIDE_BYTES = 64 << 10;

  private final List<Run> runs = new ArrayList<>();
  private long overwrites;

  /**
   * A stretch of the file in which to read.
   *
   * @param offset where to begin
   * @param offsetIndex the index of the entry there
   * @param last the last entry of the stretch that is part of the log
   */
  record Stretch(Segment segment, long offset, long offsetIndex, long last) {}

  /** Adds an entry that is durable; it replaces all entries from its index on. */
  synchronized void append(long index, Segment segment, long offset) {
    if (!runs.isEmpty() && index <= runs.getLast().last) {
      cutFrom(index);
    }
    Run run = runs.isEmpty() ? null : runs.getLast();
    if (run == null || run.segment != segment || run.last + 1 != index || run.cut) {
      run = new Run(segment, index);
      runs.add(run);
    }
    run.append(index, offset);
  }

  /** Forgets everything. */
  synchronized void clear() {
    runs.clear();
    overwrites++;
  }

  /** Forgets the entries in a segment. */
  synchronized void drop(Segment segment) {
    runs.removeIf(run -> run.segment == segment);
  }

  /** Grows when an entry is replaced or forgotten, except by dropping its segment. */
  synchronized long overwrites() {
    return overwrites;
  }

  /** The place of the entry of an index; null when there is none. Its segment is retained. */
  synchronized @Nullable Stretch find(long index) {
    for (int i = runs.size() - 1; i >= 0 && index <= runs.get(i).last; i--) {
      Run run = runs.get(i);
      if (index >= run.first) {
        return run.segment.retain() ? run.stretch(index) : null;
      }
    }
    return null;
  }

  private void cutFrom(long index) {
    overwrites++;
    while (!runs.isEmpty() && runs.getLast().first >= index) {
      runs.removeLast();
    }
    if (!runs.isEmpty() && runs.getLast().last >= index) {
      runs.getLast().cutFrom(index);
    }
  }

  private static final class Run {
    private final Segment segment;
    private final long first;
    private long last;
    private boolean cut;
    private long[] indexes = new long[4];
    private long[] offsets = new long[4];
    private int places;

    Run(Segment segment, long first) {
      this.segment = segment;
      this.first = first;
      this.last = first - 1;
    }

    void append(long index, long offset) {
      last = index;
      if (places == 0
          || index >= indexes[places - 1] + STRIDE_ENTRIES
          || offset >= offsets[places - 1] + STRIDE_BYTES) {
        if (places == indexes.length) {
          indexes = Arrays.copyOf(indexes, 2 * places);
          offsets = Arrays.copyOf(offsets, 2 * places);
        }
        indexes[places] = index;
        offsets[places] = offset;
        places++;
      }
    }

    /** Ends the run: the records after it in the file are not of this run, so it must not grow. */
    void cutFrom(long index) {
      last = index - 1;
      cut = true;
      while (indexes[places - 1] > last) {
        places--;
      }
    }

    Stretch stretch(long index) {
      int found = Arrays.binarySearch(indexes, 0, places, index);
      int place = found >= 0 ? found : -found - 2;
      return new Stretch(segment, offsets[place], indexes[place], last);
    }
  }
}
