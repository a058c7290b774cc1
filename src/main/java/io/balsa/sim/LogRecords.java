package io.balsa.sim;

import io.balsa.bytes.Bytes;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Reads log records as docs/formats.md describes them, without the code that writes them: an
 * independent reader of the log format.
 */
final class LogRecords {
  static final int STATE = 2;
  static final int APPEND = 3;
  static final int RESET = 4;
  static final int HEADER_BYTES = 48;

  private static final int MAGIC = 0x42414c53;
  private static final int KIND_AT = 5;
  private static final int DETAIL_AT = 6;
  private static final int BATCH_AT = 8;
  private static final int TERM_AT = 16;
  private static final int INDEX_AT = 24;
  private static final int LENGTH_AT = 32;
  private static final int COMMAND = 1;

  private LogRecords() {}

  /**
   * A record.
   *
   * @param index an entry's index, or the vote of a state
   * @param offset the offset of the record
   * @param payloadBytes the bytes after the header, without padding
   */
  record Found(
      int kind, int detail, long batch, long term, long index, int offset, int payloadBytes) {
    int end() {
      return offset + HEADER_BYTES + ((payloadBytes + 7) & -8);
    }

    boolean isCommand() {
      return kind == APPEND && detail == COMMAND;
    }
  }

  /** Passes each record from an offset on to a consumer, up to the first place without one. */
  static void read(Bytes data, int from, Consumer<Found> each) {
    ByteBuffer in = data.buffer();
    int at = from;
    while (at + HEADER_BYTES <= data.size() && in.getInt(at) == MAGIC) {
      Found found =
          new Found(
              in.get(at + KIND_AT),
              in.get(at + DETAIL_AT),
              in.getLong(at + BATCH_AT),
              in.getLong(at + TERM_AT),
              in.getLong(at + INDEX_AT),
              at,
              in.getInt(at + LENGTH_AT));
      each.accept(found);
      at = found.end();
    }
  }
}
