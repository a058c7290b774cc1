package io.balsa.rows;

import org.jspecify.annotations.Nullable;

/**
 * Memory for the first bytes of a stored row, which all reads of a lane share, one row after
 * another: a row that is no larger is read whole by one look at it.
 */
public final class Octets {
  private static final int SIZE = 512;

  private final byte[] array = new byte[SIZE];
  private @Nullable Head holder;

  /** The array, for a head that reads its row into it. */
  byte[] of(Head head) {
    holder = head;
    return array;
  }

  /** Whether it still has what this head has read last. */
  boolean isOf(Head head) {
    return holder == head;
  }

  /** Whether a row of this size is read whole. */
  static boolean fits(int size) {
    return size <= SIZE;
  }
}
