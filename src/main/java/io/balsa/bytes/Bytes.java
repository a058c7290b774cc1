package io.balsa.bytes;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * An immutable byte string.
 *
 * <ol>
 *   <li>Equality and hash are by content.
 *   <li>Order is unsigned and lexicographic, as etcd orders keys.
 *   <li>A slice shares the array of its origin; nothing ever writes to it.
 * </ol>
 */
public final class Bytes implements Comparable<Bytes> {
  /** The byte string of length 0. */
  public static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

  private final byte[] array;
  private final int offset;
  private final int size;

  private Bytes(byte[] array, int offset, int size) {
    this.array = array;
    this.offset = offset;
    this.size = size;
  }

  /** A byte string over an array that the caller gives away and never writes to again. */
  public static Bytes wrap(byte[] array) {
    return array.length == 0 ? EMPTY : new Bytes(array, 0, array.length);
  }

  /** As {@link #wrap(byte[])}, for a part of the array. */
  public static Bytes wrap(byte[] array, int offset, int size) {
    Check.that(offset >= 0 && size >= 0 && size <= array.length - offset, "a slice is inside");
    return size == 0 ? EMPTY : new Bytes(array, offset, size);
  }

  /** A byte string of a copy of the array. */
  public static Bytes copyOf(byte[] array) {
    return wrap(array.clone());
  }

  /** The UTF-8 form of a text. */
  public static Bytes utf8(String text) {
    return wrap(text.getBytes(UTF_8));
  }

  /** The byte string of the given values, each 0 to 255. */
  public static Bytes of(int... values) {
    byte[] array = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      array[i] = (byte) values[i];
    }
    return wrap(array);
  }

  /** The array that this is a part of, for the reader of this room. */
  byte[] array() {
    return array;
  }

  /** Where in the array this begins. */
  int offset() {
    return offset;
  }

  /** The length in bytes. */
  public int size() {
    return size;
  }

  /** Whether the length is 0. */
  public boolean isEmpty() {
    return size == 0;
  }

  /** The byte at an index, signed as Java's. */
  public byte at(int index) {
    Check.that(index >= 0 && index < size, "an index is inside");
    return array[offset + index];
  }

  /** The bytes in {@code [from, to)}, sharing this one's array. */
  public Bytes slice(int from, int to) {
    Check.that(from >= 0 && from <= to && to <= size, "a slice is inside");
    return from == to ? EMPTY : new Bytes(array, offset + from, to - from);
  }

  /** The bytes from an index to the end, sharing this one's array. */
  public Bytes from(int index) {
    return slice(index, size);
  }

  /** This byte string followed by another. */
  public Bytes concat(Bytes other) {
    byte[] joined = new byte[size + other.size];
    copyTo(joined, 0);
    other.copyTo(joined, size);
    return wrap(joined);
  }

  /** Whether this byte string starts with the other. */
  public boolean startsWith(Bytes prefix) {
    return size >= prefix.size
        && Arrays.equals(
            array,
            offset,
            offset + prefix.size,
            prefix.array,
            prefix.offset,
            prefix.offset + prefix.size);
  }

  /** The smallest byte string greater than this one: this one and a zero byte. */
  public Bytes next() {
    byte[] longer = new byte[size + 1];
    copyTo(longer, 0);
    return wrap(longer);
  }

  /** Copies all bytes into an array from the given place on. */
  public void copyTo(byte[] target, int at) {
    System.arraycopy(array, offset, target, at, size);
  }

  /** The bytes as an array of the caller's own. */
  public byte[] toArray() {
    return Arrays.copyOfRange(array, offset, offset + size);
  }

  /**
   * The bytes as an array that the caller only reads: this one's own where it is whole, a copy
   * where it is a slice.
   */
  public byte[] readOnlyArray() {
    return offset == 0 && size == array.length ? array : toArray();
  }

  /** Makes an object over the array behind the bytes, which it only reads. */
  @FunctionalInterface
  public interface Over<T> {
    /** Makes the object over a part of an array; it must not write to the array. */
    T part(byte[] array, int offset, int size);
  }

  /** Makes an object over the bytes, without a copy. */
  public <T> T over(Over<T> maker) {
    return maker.part(array, offset, size);
  }

  /** A read-only buffer over the bytes, without a copy. */
  public ByteBuffer buffer() {
    return ByteBuffer.wrap(array, offset, size).slice().asReadOnlyBuffer();
  }

  /** The bytes read as UTF-8; malformed parts are replaced. */
  public String utf8() {
    return new String(array, offset, size, UTF_8);
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(
        array, offset, offset + size, other.array, other.offset, other.offset + other.size);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that
        && Arrays.equals(
            array, offset, offset + size, that.array, that.offset, that.offset + that.size);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = offset; i < offset + size; i++) {
      hash = 31 * hash + array[i];
    }
    return hash;
  }

  /** Printable ASCII in quotes, otherwise hex; at most 32 bytes of it. */
  @Override
  public String toString() {
    int shown = Math.min(size, 32);
    boolean printable = true;
    for (int i = 0; i < shown; i++) {
      printable &= array[offset + i] >= 0x20 && array[offset + i] < 0x7f;
    }
    String text =
        printable
            ? '"' + new String(array, offset, shown, UTF_8) + '"'
            : "0x" + HexFormat.of().formatHex(array, offset, offset + shown);
    return shown < size ? text + "…(" + size + ")" : text;
  }
}
