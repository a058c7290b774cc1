package io.balsa.forms;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Bytes as text, and back without loss. Valid UTF-8 is the text that it encodes. Any other byte is
 * one char from U+DC80 to U+DCFF, which no valid text holds alone.
 */
public final class RawText {
  private static final char FIRST = '\udc80';
  private static final char LAST = '\udcff';
  private static final int BASE = 0xdc00;

  private RawText() {}

  /** The text of these bytes. */
  public static String of(byte[] bytes) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    while (result.isError()) {
      for (int i = 0; i < result.length(); i++) {
        out.put(ofByte(in.get()));
      }
      result = decoder.decode(in, out, true);
    }
    return out.flip().toString();
  }

  /** The char that stands for a byte, which is not ASCII. */
  public static char ofByte(byte value) {
    return (char) (BASE + Byte.toUnsignedInt(value));
  }

  /** Whether the text is not Unicode: a char stands for a byte. */
  public static boolean isRaw(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)) {
        i++;
      } else if (standsForByte(c)) {
        return true;
      }
    }
    return false;
  }

  private static boolean standsForByte(char c) {
    return c >= FIRST && c <= LAST;
  }

  /** The bytes of a text. */
  public static ByteString bytes(String text) {
    if (!isRaw(text)) {
      return ByteString.copyFromUtf8(text);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length() * 2);
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)) {
        i++;
      } else if (standsForByte(c)) {
        bytes.writeBytes(text.substring(from, i).getBytes(StandardCharsets.UTF_8));
        bytes.write(c - BASE);
        from = i + 1;
      }
    }
    bytes.writeBytes(text.substring(from).getBytes(StandardCharsets.UTF_8));
    return ByteString.copyFrom(bytes.toByteArray());
  }
}
