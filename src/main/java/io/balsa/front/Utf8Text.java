package io.balsa.front;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.balsa.bytes.Bytes;
import java.io.Writer;
import java.nio.CharBuffer;
import java.util.Arrays;

/** Encodes text as UTF-8 while it is written, so that a long document is in memory only once. */
final class Utf8Text extends Writer {
  private byte[] bytes;
  private int size;

  /**
   * An empty text.
   *
   * @param bytesExpected about how many bytes the text will have
   */
  Utf8Text(int bytesExpected) {
    bytes = new byte[Math.max(64, bytesExpected)];
  }

  @Override
  public Utf8Text append(CharSequence text) {
    return append(text, 0, text.length());
  }

  /** Each appended text must end with a whole character. */
  @Override
  public Utf8Text append(CharSequence text, int from, int to) {
    ensure(to - from);
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        return encoded(text.subSequence(i, to).toString().getBytes(UTF_8));
      }
      bytes[size] = (byte) c;
      size++;
    }
    return this;
  }

  private Utf8Text encoded(byte[] rest) {
    ensure(rest.length);
    System.arraycopy(rest, 0, bytes, size, rest.length);
    size += rest.length;
    return this;
  }

  @Override
  public Utf8Text append(char c) {
    return append(String.valueOf(c));
  }

  @Override
  public void write(char[] text, int from, int length) {
    var _ = append(CharBuffer.wrap(text, from, length));
  }

  @Override
  public void flush() {
    // nothing is held back
  }

  @Override
  public void close() {
    // there is nothing to close
  }

  private void ensure(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length + bytes.length / 2));
    }
  }

  /** The bytes of the text; nothing may be appended afterwards. */
  Bytes bytes() {
    return Bytes.wrap(bytes, 0, size);
  }
}
