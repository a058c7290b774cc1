package io.balsa.bytes;

/** Reads what {@link ByteWriter} wrote. */
public final class ByteReader {
  private final Bytes in;
  private int at;

  public ByteReader(Bytes in) {
    this.in = in;
  }

  public long number() {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      Check.that(shift < 70, "a stored number has 10 bytes at most");
      byte octet = in.at(at++);
      value |= (octet & 0x7fL) << shift;
      if (octet >= 0) {
        return value;
      }
    }
  }

  /** A number of 8 bytes, the highest first. */
  public long ordered() {
    at += Long.BYTES;
    return in.slice(at - Long.BYTES, at).buffer().getLong();
  }

  public int octet() {
    return in.at(at++) & 0xff;
  }

  public Bytes string() {
    int size = Math.toIntExact(number());
    at += size;
    return in.slice(at - size, at);
  }

  public String text() {
    return string().utf8();
  }

  /** Whether nothing is left: an earlier format ended here. */
  public boolean isAtEnd() {
    return at == in.size();
  }

  public Bytes rest() {
    return in.from(at);
  }
}
