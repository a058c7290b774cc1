package io.balsa.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a segment's records one after the other, in large pieces. Payloads are slices of the
 * pieces.
 */
final class RecordReader {
  private final Segment segment;
  private final int pieceBytes;

  private byte[] piece = new byte[0];
  private int length;
  private long pieceAt;
  private long at;

  /**
   * Begins at an offset.
   *
   * @param pieceBytes how much to read at a time; more when a record is larger
   */
  RecordReader(Segment segment, long from, int pieceBytes) {
    this.segment = segment;
    this.at = from;
    this.pieceBytes = Math.max(pieceBytes, RecordFormat.HEADER_BYTES);
  }

  /**
   * A record whose checksums are right.
   *
   * @param end where the next one begins
   */
  record Placed(WalRecord record, RecordFormat.Link link, int checksum, long offset, long end) {}

  /** The next record; null where no checksum is right, and then always. */
  @Nullable Placed next() throws IOException {
    RecordFormat.Header header = peek();
    if (header == null || header.payloadBytes() < 0) {
      return null;
    }
    long bytes = RecordFormat.bytes(header.payloadBytes());
    if (!hold(bytes)) {
      return null;
    }
    int payloadAt = (int) (at - pieceAt) + RecordFormat.HEADER_BYTES;
    WalRecord record = RecordFormat.record(header, piece, payloadAt);
    if (record == null) {
      return null;
    }
    long offset = at;
    at += bytes;
    return new Placed(record, header.link(), header.checksum(), offset, at);
  }

  /**
   * The header of the next record, also if its payload is damaged; null if the header is damaged.
   */
  RecordFormat.@Nullable Header peek() throws IOException {
    return hold(RecordFormat.HEADER_BYTES)
        ? RecordFormat.header(piece, (int) (at - pieceAt), segment.number(), at)
        : null;
  }

  /** Continues at another offset. */
  void goTo(long offset) {
    at = offset;
    pieceAt = offset;
    length = 0;
  }

  /** Where the next record is or ought to be. */
  long offset() {
    return at;
  }

  /** Reads so many bytes from {@link #at} on into the piece; false when the segment ends before. */
  private boolean hold(long bytes) throws IOException {
    if (bytes > segment.capacity() - at) {
      return false;
    }
    if (at + bytes > pieceAt + length) {
      piece = new byte[(int) Math.min(segment.capacity() - at, Math.max(bytes, pieceBytes))];
      pieceAt = at;
      length = segment.read(at, ByteBuffer.wrap(piece));
    }
    return at + bytes <= pieceAt + length;
  }
}
