package io.balsa.rows;

import org.jspecify.annotations.Nullable;

/**
 * Memory for the first bytes of a stored row. All reads of a lane share it, one row after another.
 * A row that fits is read whole in one step.
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
