package io.balsa.check;

/** Bits in an array of words. */
final class BitRow {
  private BitRow() {}

  static boolean has(long[] row, int bit) {
    return (row[bit >> 6] >>> bit & 1) != 0;
  }

  static void set(long[] row, int bit) {
    row[bit >> 6] |= 1L << bit;
  }

  static void clear(long[] row, int bit) {
    row[bit >> 6] &= ~(1L << bit);
  }

  static boolean isEmpty(long[] row) {
    for (long word : row) {
      if (word != 0) {
        return false;
      }
    }
    return true;
  }
}
