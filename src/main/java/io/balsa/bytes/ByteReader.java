package io.balsa.bytes;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.zip.CRC32C;

/**
 * Reads what {@link ByteWriter} wrote, from bytes that may be anything.
 *
 * <ol>
 *   <li>Each read gives a value or throws the failure that the owner chose.
 *   <li>Memory is bounded by the size of the bytes: a length or a count is checked against the
 *       bytes left before anything is made of it.
 *   <li>A value has one form: a varint with an empty last byte or with bits beyond the 64th fails.
 *       A flag other than 0 and 1 fails too.
 * </ol>
 *
 * @param <E> the failure: a checked one for bytes from outside, an unchecked one for own bytes
 */
public final class ByteReader<E extends Exception> {
  private static final int CHECKSUM_BYTES = Integer.BYTES;

  private final String what;
  private final Function<String, E> failure;
  private final byte[] array;
  private final int end;
  private int at;

  private ByteReader(String what, Bytes bytes, Function<String, E> failure) {
    this.what = what;
    this.failure = failure;
    this.array = bytes.array();
    this.at = bytes.offset();
    this.end = at + bytes.size();
  }

  /**
   * Over all of the bytes.
   *
   * @param what what the bytes are; the text of a failure begins with it
   * @param failure makes a failure of a text of one line
   */
  public static <E extends Exception> ByteReader<E> of(
      String what, Bytes bytes, Function<String, E> failure) {
    return new ByteReader<>(what, bytes, failure);
  }

  /**
   * Over the bytes before the CRC32C at their end.
   *
   * @throws E when the checksum is missing or wrong
   */
  public static <E extends Exception> ByteReader<E> checked(
      String what, Bytes bytes, Function<String, E> failure) throws E {
    int size = bytes.size() - CHECKSUM_BYTES;
    if (size < 0) {
      throw of(what, bytes, failure).failure("cut short");
    }
    ByteReader<E> in = of(what, bytes.slice(0, size), failure);
    CRC32C crc = new CRC32C();
    crc.update(in.array, in.at, size);
    if (of(what, bytes.from(size), failure).fixed32() != (int) crc.getValue()) {
      throw in.failure("with a wrong checksum");
    }
    return in;
  }

  /** Over a row of the store. Only this program writes rows: a bad one is a broken invariant. */
  public static ByteReader<Check.BrokenInvariant> ofRow(Bytes row) {
    return of("stored row", row, Check.BrokenInvariant::new);
  }

  /**
   * A failure to throw.
   *
   * @param problem what is wrong, as in "cut short"; it follows the name of the bytes
   */
  public E failure(String problem) {
    return failure.apply(what + " " + problem);
  }

  /** Reads the version byte, which must be this one. */
  public void version(int expected) throws E {
    int version = u8();
    if (version != expected) {
      throw failure("of unknown version " + version + ", expected " + expected);
    }
  }

  /** Fails when bytes are left. */
  public void end() throws E {
    if (at != end) {
      throw failure("with " + left() + " bytes after its end");
    }
  }

  /** How many bytes are left. */
  public int left() {
    return end - at;
  }

  /** Whether no byte is left; a row of an earlier format may end here. */
  public boolean isAtEnd() {
    return at == end;
  }

  /** Whether the next byte is this one. */
  public boolean isNext(int value) {
    return at < end && (array[at] & 0xff) == value;
  }

  /** A byte, 0 to 255. */
  public int u8() throws E {
    need(1);
    return array[at++] & 0xff;
  }

  /** A byte that is 0 or 1. */
  public boolean flag() throws E {
    int value = u8();
    if (value > 1) {
      throw failure("with a flag of " + value);
    }
    return value == 1;
  }

  /** Four bytes, big end first. */
  public int fixed32() throws E {
    need(Integer.BYTES);
    int value = 0;
    for (int i = 0; i < Integer.BYTES; i++) {
      value = (value << 8) | (array[at++] & 0xff);
    }
    return value;
  }

  /** Eight bytes, big end first. */
  public long fixed64() throws E {
    need(Long.BYTES);
    long value = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      value = (value << 8) | (array[at++] & 0xff);
    }
    return value;
  }

  /** Seven bits a byte, low ones first; any long. */
  public long varint() throws E {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      need(1);
      byte next = array[at++];
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return lastOf(value, next, shift);
      }
    }
    throw failure("with a number of more than 64 bits");
  }

  private long lastOf(long value, int last, int shift) throws E {
    if ((shift == 63 && last > 1) || (shift > 0 && last == 0)) {
      throw failure("with a malformed number");
    }
    return value;
  }

  /** A length as a varint and so many bytes; they share the array of what is read. */
  public Bytes bytes() throws E {
    return raw(lengthOf(varint()));
  }

  /** So many bytes; they share the array of what is read. */
  public Bytes raw(int size) throws E {
    if (size < 0) {
      throw failure("with a size of " + size);
    }
    need(size);
    at += size;
    return Bytes.wrap(array, at - size, size);
  }

  /** All bytes left; they share the array of what is read. */
  public Bytes rest() {
    int from = at;
    at = end;
    return Bytes.wrap(array, from, end - from);
  }

  /** Passes over {@link #bytes} or {@link #text}. */
  public void skip() throws E {
    int length = lengthOf(varint());
    at += length;
  }

  /** A length in bytes as a varint and a text in UTF-8; malformed parts are replaced. */
  public String text() throws E {
    return bytes().utf8();
  }

  /** A count as a varint and the elements, each of which takes at least one byte. */
  public <T> List<T> list(Element<T, E> element) throws E {
    int count = lengthOf(varint());
    List<T> values = new ArrayList<>(Math.min(count, 64));
    for (int i = 0; i < count; i++) {
      values.add(element.read(this));
    }
    return values;
  }

  private int lengthOf(long value) throws E {
    int left = left();
    if (value < 0 || value > left) {
      throw failure("cut short: " + Long.toUnsignedString(value) + " announced, " + left + " left");
    }
    return (int) value;
  }

  private void need(int count) throws E {
    if (count > end - at) {
      throw failure("cut short");
    }
  }

  /** Reads one element of a list. */
  @FunctionalInterface
  public interface Element<T, E extends Exception> {
    /** Reads as many bytes as the element has. */
    T read(ByteReader<E> in) throws E;
  }
}
