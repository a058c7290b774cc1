package io.balsa.raft;

import io.balsa.bytes.Check;

/**
 * Counts messages or entries in flight: a queue of parts, each with its last index and its bytes.
 * Parts are freed from the front by index, so that each frees exactly the bytes that it added.
 */
final class Outstanding {
  private long[] upTo = new long[16];
  private long[] sizes = new long[16];
  private int head;
  private int count;
  private long bytes;

  /** Adds a part that ends at an index; the index must be beyond that of the last part. */
  void add(long index, long size) {
    Check.that(count == 0 || index > upTo[slot(count - 1)], "parts go forward");
    if (count == upTo.length) {
      grow();
    }
    upTo[slot(count)] = index;
    sizes[slot(count)] = size;
    count++;
    bytes += size;
  }

  /** Frees the parts that end at or before an index. */
  void release(long index) {
    while (count > 0 && upTo[head] <= index) {
      bytes -= sizes[head];
      head = slot(1);
      count--;
    }
  }

  void clear() {
    count = 0;
    bytes = 0;
  }

  boolean isEmpty() {
    return count == 0;
  }

  int count() {
    return count;
  }

  long bytes() {
    return bytes;
  }

  private int slot(int at) {
    return (head + at) & (upTo.length - 1);
  }

  private void grow() {
    long[] longerUpTo = new long[upTo.length * 2];
    long[] longerSizes = new long[upTo.length * 2];
    for (int i = 0; i < count; i++) {
      longerUpTo[i] = upTo[slot(i)];
      longerSizes[i] = sizes[slot(i)];
    }
    upTo = longerUpTo;
    sizes = longerSizes;
    head = 0;
  }
}
