package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check;

/** Reads what {@link Encoder} wrote. */
final class Decoder {
  private final Bytes in;
  private int at;

  Decoder(Bytes in) {
    this.in = in;
  }

  long number() {
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
  long ordered() {
    at += Long.BYTES;
    return in.slice(at - Long.BYTES, at).buffer().getLong();
  }

  int octet() {
    return in.at(at++) & 0xff;
  }

  Bytes string() {
    int size = Math.toIntExact(number());
    at += size;
    return in.slice(at - size, at);
  }

  String text() {
    return string().utf8();
  }

  /** Whether nothing is left: an earlier format ended here. */
  boolean isAtEnd() {
    return at == in.size();
  }

  Bytes rest() {
    return in.from(at);
  }
}
