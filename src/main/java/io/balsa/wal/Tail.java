package io.balsa.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The bytes after the last whole batch of a segment.
 *
 * @param end right after the last byte that is not zero; where the search began if all are zero
 * @param laterBatch whether there is a good record of the batch asked for or of a later one
 */
record Tail(long end, boolean laterBatch) {
  private static final int PIECE_BYTES = 1 << 20;
  private static final byte[] ZEROS = new byte[PIECE_BYTES];

  /**
   * Searches a segment from an offset to its end.
   *
   * @param batch the number of the first batch that proves that the missing batch was forced
   */
  static Tail search(Segment segment, long from, long batch) throws IOException {
    long left = segment.capacity() - from;
    byte[] piece = new byte[(int) Math.min(left, PIECE_BYTES + RecordFormat.HEADER_BYTES)];
    long end = from;
    for (long at = from; at < segment.capacity(); at += PIECE_BYTES) {
      int length = segment.read(at, ByteBuffer.wrap(piece));
      int own = Math.min(length, PIECE_BYTES);
      if (!Arrays.equals(piece, 0, own, ZEROS, 0, own)) {
        end = at + lastNonZero(piece, own) + 1;
        if (holdsLater(piece, length, segment.number(), at, batch)) {
          return new Tail(end, true);
        }
      }
    }
    return new Tail(end, false);
  }

  private static int lastNonZero(byte[] piece, int length) {
    int last = length - 1;
    while (piece[last] == 0) {
      last--;
    }
    return last;
  }

  private static boolean holdsLater(
      byte[] piece, int length, long segment, long offset, long batch) {
    return headerIn(piece, length, segment, offset, batch) >= 0;
  }

  /** The offset in a piece of a good header of that batch or a later one; -1 for none. */
  private static int headerIn(byte[] piece, int length, long segment, long offset, long batch) {
    for (int at = 0; at <= length - RecordFormat.HEADER_BYTES; at += RecordFormat.ALIGNMENT) {
      RecordFormat.Header header = RecordFormat.header(piece, at, segment, offset + at);
      if (header != null && header.link().batch() >= batch) {
        return at;
      }
    }
    return -1;
  }

  /**
   * The offset of the first good header.
   *
   * @param from where to begin to search
   * @param batch the lowest number that its batch may have
   * @return -1 when there is none up to the segment's end
   */
  static long nextHeader(Segment segment, long from, long batch) throws IOException {
    long left = Math.max(0, segment.capacity() - from);
    byte[] piece = new byte[(int) Math.min(left, PIECE_BYTES + RecordFormat.HEADER_BYTES)];
    for (long at = from; at < segment.capacity(); at += PIECE_BYTES) {
      int length = segment.read(at, ByteBuffer.wrap(piece));
      int found = headerIn(piece, length, segment.number(), at, batch);
      if (found >= 0) {
        return at + found;
      }
    }
    return -1;
  }
}
