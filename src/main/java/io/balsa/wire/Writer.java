package io.balsa.wire;

import io.balsa.bytes.Bytes;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/** Appends values to one array that grows. */
final class Writer {
  private byte[] array;
  private int size;

  /** With room for so many bytes before the array must grow. */
  Writer(int capacity) {
    array = new byte[capacity];
  }

  /** What was written; the writer is not used afterwards. */
  Bytes bytes() {
    return Bytes.wrap(array, 0, size);
  }

  void u8(int value) {
    reserve(1);
    array[size++] = (byte) value;
  }

  void flag(boolean value) {
    u8(value ? 1 : 0);
  }

  /** Eight bytes, big end first: for ids, which are random and would only grow as varints. */
  void fixed64(long value) {
    reserve(Long.BYTES);
    for (int shift = 56; shift >= 0; shift -= 8) {
      array[size++] = (byte) (value >>> shift);
    }
  }

  /** Seven bits a byte, low ones first; a negative value takes ten bytes. */
  void varint(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      array[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    array[size++] = (byte) rest;
  }

  /** A varint length and the bytes. */
  void bytes(Bytes value) {
    varint(value.size());
    reserve(value.size());
    value.copyTo(array, size);
    size += value.size();
  }

  /** A varint length in bytes and the text's UTF-8 form. */
  void text(String value) {
    bytes(Bytes.utf8(value));
  }

  /** A varint count and the elements. */
  <T> void list(List<T> values, Element<T> element) {
    varint(values.size());
    for (T value : values) {
      element.write(this, value);
    }
  }

  /** Four bytes, big end first: the CRC32C of all that was written before. */
  void checksum() {
    CRC32C crc = new CRC32C();
    crc.update(array, 0, size);
    int value = (int) crc.getValue();
    for (int shift = 24; shift >= 0; shift -= 8) {
      u8(value >>> shift);
    }
  }

  private void reserve(int bytes) {
    if (bytes > array.length - size) {
      array = Arrays.copyOf(array, Math.max(2 * array.length, Math.addExact(size, bytes)));
    }
  }

  /** Writes one element of a list. */
  interface Element<T> {
    void write(Writer out, T value);
  }
}
