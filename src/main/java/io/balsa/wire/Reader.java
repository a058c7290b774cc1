package io.balsa.wire;

import io.balsa.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Reads what {@link Writer} wrote. Whatever the bytes are, the outcome is a value or a {@link
 * WireFailure}, and memory is bounded by their number: no length or count is believed before it
 * fits into what is left.
 */
final class Reader {
  private static final int CHECKSUM_BYTES = 4;

  private final String what;
  private final Bytes bytes;
  private final int end;
  private int at;

  private Reader(String what, Bytes bytes, int end) {
    this.what = what;
    this.bytes = bytes;
    this.end = end;
  }

  /**
   * Over all of the bytes.
   *
   * @param what how failures call them
   */
  static Reader of(String what, Bytes bytes) {
    return new Reader(what, bytes, bytes.size());
  }

  /** Over the bytes before the checksum at their end, which must be right. */
  static Reader checked(String what, Bytes bytes) throws WireFailure {
    int end = bytes.size() - CHECKSUM_BYTES;
    Reader reader = new Reader(what, bytes, Math.max(end, 0));
    if (end < 0) {
      throw reader.failure("cut short");
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes.readOnlyArray(), 0, end);
    int stored = 0;
    for (int i = end; i < bytes.size(); i++) {
      stored = (stored << 8) | (bytes.at(i) & 0xff);
    }
    if (stored != (int) crc.getValue()) {
      throw reader.failure("with a wrong checksum");
    }
    return reader;
  }

  /** A failure of one line. */
  WireFailure failure(String problem) {
    return new WireFailure(what + " " + problem);
  }

  /** Reads the version byte, which must be this one. */
  void version(int expected) throws WireFailure {
    int version = u8();
    if (version != expected) {
      throw failure("of unknown version " + version + ", expected " + expected);
    }
  }

  /** Fails when bytes are left. */
  void end() throws WireFailure {
    if (at != end) {
      throw failure("with " + (end - at) + " bytes after its end");
    }
  }

  int u8() throws WireFailure {
    need(1);
    return bytes.at(at++) & 0xff;
  }

  boolean flag() throws WireFailure {
    int value = u8();
    if (value > 1) {
      throw failure("with a flag of " + value);
    }
    return value == 1;
  }

  long fixed64() throws WireFailure {
    need(Long.BYTES);
    long value = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      value = (value << 8) | (bytes.at(at++) & 0xff);
    }
    return value;
  }

  long varint() throws WireFailure {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = u8();
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        return lastOf(value, next, shift);
      }
    }
    throw failure("with a number of more than 64 bits");
  }

  /** A value has one form: no bits beyond the 64th and no empty last byte. */
  private long lastOf(long value, int last, int shift) throws WireFailure {
    if ((shift == 63 && last > 1) || (shift > 0 && last == 0)) {
      throw failure("with a malformed number");
    }
    return value;
  }

  /** A slice of what is read, without a copy. */
  Bytes bytes() throws WireFailure {
    int length = lengthOf(varint());
    at += length;
    return bytes.slice(at - length, at);
  }

  /** Passes over {@link #bytes} or a {@link #text}. */
  void skip() throws WireFailure {
    int length = lengthOf(varint());
    at += length;
  }

  /** Whether the next byte is this one. */
  boolean isNext(int value) {
    return at < end && (bytes.at(at) & 0xff) == value;
  }

  String text() throws WireFailure {
    return bytes().utf8();
  }

  /** A list of elements, each of which takes at least one byte. */
  <T> List<T> list(Element<T> element) throws WireFailure {
    int count = lengthOf(varint());
    List<T> values = new ArrayList<>(Math.min(count, 64));
    for (int i = 0; i < count; i++) {
      values.add(element.read(this));
    }
    return values;
  }

  private int lengthOf(long value) throws WireFailure {
    int left = end - at;
    if (value < 0 || value > left) {
      throw failure("cut short: " + Long.toUnsignedString(value) + " announced, " + left + " left");
    }
    return (int) value;
  }

  private void need(int count) throws WireFailure {
    if (count > end - at) {
      throw failure("cut short");
    }
  }

  /** Reads one element of a list. */
  interface Element<T> {
    T read(Reader in) throws WireFailure;
  }
}
