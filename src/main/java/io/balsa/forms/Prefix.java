package io.balsa.forms;

import com.google.protobuf.ByteString;

/** Ranges of all keys with one prefix. */
public final class Prefix {
  /** The end of a range without an end. */
  public static final ByteString OPEN_END = ByteString.copyFrom(new byte[1]);

  private Prefix() {}

  /** The end of the range, exclusive; {@link #OPEN_END} when no key is behind it. */
  public static ByteString end(ByteString prefix) {
    byte[] bytes = prefix.toByteArray();
    for (int i = bytes.length - 1; i >= 0; i--) {
      if (bytes[i] != (byte) 0xff) {
        bytes[i]++;
        return ByteString.copyFrom(bytes, 0, i + 1);
      }
    }
    return OPEN_END;
  }
}
