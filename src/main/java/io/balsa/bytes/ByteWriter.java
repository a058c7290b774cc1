package io.balsa.bytes;

import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/** Appends values to one array that grows; {@link ByteReader} reads them. */
public final class ByteWriter {
  private byte[] array;
  private int size;

  /**
   * An empty one.
   *
   * @param capacity how many bytes fit before the array must grow
   */
  public ByteWriter(int capacity) {
    array = new byte[capacity];
  }

  /** A byte; only the lowest eight bits count. */
  public ByteWriter u8(int value) {
    reserve(1);
    array[size++] = (byte) value;
    return this;
  }

  /** A byte: 1 for true, 0 for false. */
  public ByteWriter flag(boolean value) {
    return u8(value ? 1 : 0);
  }

  /** Four bytes, big end first, so that the unsigned order of numbers is that of their bytes. */
  public ByteWriter fixed32(int value) {
    reserve(Integer.BYTES);
    for (int shift = 24; shift >= 0; shift -= 8) {
      array[size++] = (byte) (value >>> shift);
    }
    return this;
  }

  /**
   * Eight bytes, as {@link #fixed32}: for keys that are ordered by number, and for ids, which are
   * random and would only grow as varints.
   */
  public ByteWriter fixed64(long value) {
    return fixed32((int) (value >>> 32)).fixed32((int) value);
  }

  /** Seven bits a byte, low ones first; a negative value takes ten bytes. */
  public ByteWriter varint(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      array[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    array[size++] = (byte) rest;
    return this;
  }

  /** The bytes without their length. */
  public ByteWriter raw(Bytes bytes) {
    reserve(bytes.size());
    bytes.copyTo(array, size);
    size += bytes.size();
    return this;
  }

  /** The length as a varint and the bytes. */
  public ByteWriter bytes(Bytes bytes) {
    return varint(bytes.size()).raw(bytes);
  }

  /** The length in bytes as a varint and the text in UTF-8. */
  public ByteWriter text(String text) {
    return bytes(Bytes.utf8(text));
  }

  /** The count as a varint and the elements. */
  public <T> ByteWriter list(List<T> values, Element<T> element) {
    varint(values.size());
    for (T value : values) {
      element.write(this, value);
    }
    return this;
  }

  /** Four bytes, big end first: the CRC32C of all bytes before. */
  public ByteWriter checksum() {
    CRC32C crc = new CRC32C();
    crc.update(array, 0, size);
    return fixed32((int) crc.getValue());
  }

  /** What was written; the writer is not used afterwards. */
  public Bytes done() {
    return Bytes.wrap(array, 0, size);
  }

  private void reserve(int more) {
    if (more > array.length - size) {
      array = Arrays.copyOf(array, Math.max(2 * array.length, Math.addExact(size, more)));
    }
  }

  /** Writes one element of a list. */
  @FunctionalInterface
  public interface Element<T> {
    /** Appends the bytes of the element. */
    void write(ByteWriter out, T value);
  }
}
