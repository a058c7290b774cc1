package io.balsa.bytes;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** Writes the store's rows: numbers of 7 bits a byte, lowest first, and strings. */
public final class ByteWriter {
  private byte[] out;
  private int at;

  public ByteWriter(int capacity) {
    out = new byte[capacity];
  }

  /** A number, in fewer bytes the smaller it is; any long, negative ones in 10 bytes. */
  public ByteWriter number(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    out[at++] = (byte) rest;
    return this;
  }

  /** A number in 8 bytes, the highest first, so that byte order is number order. */
  public ByteWriter ordered(long value) {
    return ordered((int) (value >>> 32)).ordered((int) value);
  }

  /** A number in 4 bytes, as {@link #ordered(long)}. */
  public ByteWriter ordered(int value) {
    reserve(Integer.BYTES);
    for (int shift = 24; shift >= 0; shift -= 8) {
      out[at++] = (byte) (value >>> shift);
    }
    return this;
  }

  public ByteWriter octet(int value) {
    reserve(1);
    out[at++] = (byte) value;
    return this;
  }

  /** Bytes alone. */
  public ByteWriter raw(Bytes bytes) {
    reserve(bytes.size());
    bytes.copyTo(out, at);
    at += bytes.size();
    return this;
  }

  /** Length and bytes. */
  public ByteWriter string(Bytes bytes) {
    return number(bytes.size()).raw(bytes);
  }

  public ByteWriter text(String text) {
    return string(Bytes.wrap(text.getBytes(UTF_8)));
  }

  public Bytes done() {
    return Bytes.wrap(out, 0, at);
  }

  private void reserve(int more) {
    if (out.length - at < more) {
      out = Arrays.copyOf(out, Math.max(2 * out.length, at + more));
    }
  }
}
