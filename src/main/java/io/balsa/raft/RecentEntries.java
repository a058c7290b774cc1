package io.balsa.raft;

import io.balsa.bytes.Check;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The newest entries of the log, in memory: consecutive, up to the log's end; perhaps none. */
final class RecentEntries {
  private Entry[] ring = new Entry[64];
  private int head;
  private int size;
  private long bytes;

  /** Adds the entry after the last one. */
  void append(Entry entry) {
    Check.that(size == 0 || entry.index() == last() + 1, "the window has no gaps");
    if (size == ring.length) {
      grow();
    }
    ring[slot(size)] = entry;
    size++;
    bytes += entry.bytes();
  }

  boolean contains(long index) {
    return size > 0 && index >= first() && index <= last();
  }

  /** The index of the oldest entry in the window; {@code Long.MAX_VALUE} when it is empty. */
  long firstIndex() {
    return size == 0 ? Long.MAX_VALUE : first();
  }

  /**
   * The entries from an index in the window to another: as many as fit the bytes, but at least one.
   */
  List<Entry> slice(long from, long to, long bytesMax) {
    Check.that(contains(from) && to >= from, "a slice is in the window");
    int begin = (int) (from - first());
    int limit = (int) Math.min(size, to - first() + 1);
    int end = begin + 1;
    long taken = ring[slot(begin)].bytes();
    while (end < limit && taken + ring[slot(end)].bytes() <= bytesMax) {
      taken += ring[slot(end)].bytes();
      end++;
    }
    return copy(begin, end);
  }

  /** The bytes of the entry at an index in the window. */
  int bytesAt(long index) {
    return ring[slot((int) (index - first()))].bytes();
  }

  /** Drops all entries after an index. */
  void truncate(long index) {
    while (size > 0 && last() > index) {
      drop(slot(size - 1));
    }
  }

  /** Drops all entries up to an index. */
  void compact(long index) {
    while (size > 0 && first() <= index) {
      dropFirst();
    }
  }

  /** Drops the oldest entries while there are too many bytes, but none after an index. */
  void evict(long bytesMax, long upTo) {
    while (bytes > bytesMax && size > 0 && first() <= upTo) {
      dropFirst();
    }
  }

  private void dropFirst() {
    int at = head;
    head = slot(1);
    drop(at);
  }

  @SuppressWarnings("NullAway") // a free slot holds no entry, and nothing reads it
  private void drop(int at) {
    bytes -= ring[at].bytes();
    ring[at] = null;
    size--;
  }

  private long first() {
    return ring[head].index();
  }

  private long last() {
    return ring[slot(size - 1)].index();
  }

  private int slot(int at) {
    return (head + at) & (ring.length - 1);
  }

  private List<Entry> copy(int begin, int end) {
    Entry[] entries = new Entry[end - begin];
    int from = slot(begin);
    int unbroken = Math.min(entries.length, ring.length - from);
    System.arraycopy(ring, from, entries, 0, unbroken);
    System.arraycopy(ring, 0, entries, unbroken, entries.length - unbroken);
    return Collections.unmodifiableList(Arrays.asList(entries));
  }

  private void grow() {
    Entry[] longer = new Entry[ring.length * 2];
    int unbroken = ring.length - head;
    System.arraycopy(ring, head, longer, 0, unbroken);
    System.arraycopy(ring, 0, longer, unbroken, head);
    ring = longer;
    head = 0;
  }
}
