package io.balsa.check;

import io.balsa.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Byte strings in quotes: printable ASCII unchanged, everything else as {@code \xNN}. */
final class QuotedBytes {
  private QuotedBytes() {}

  static String quote(Bytes bytes) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < bytes.size(); i++) {
      int value = bytes.at(i) & 0xff;
      if (value >= 0x20 && value < 0x7f && value != '"' && value != '\\') {
        text.append((char) value);
      } else {
        text.append("\\x%02x".formatted(value));
      }
    }
    return text.append('"').toString();
  }

  static Bytes unquote(String text) {
    if (text.length() < 2 || text.charAt(0) != '"' || !text.endsWith("\"")) {
      throw new IllegalArgumentException("expected a text in quotes, found " + text);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 1; i < text.length() - 1; i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 4 < text.length()) {
        bytes.write(Integer.parseInt(text.substring(i + 2, i + 4), 16));
        i += 3;
      } else {
        bytes.write(c);
      }
    }
    return Bytes.wrap(bytes.toByteArray());
  }

  /** The words of a line; spaces inside quotes do not separate words. */
  static List<String> split(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    for (char c : (line + " ").toCharArray()) {
      quoted ^= c == '"';
      if (c != ' ' || quoted) {
        word.append(c);
      } else if (!word.isEmpty()) {
        words.add(word.toString());
        word.setLength(0);
      }
    }
    if (quoted) {
      throw new IllegalArgumentException("a quote is not closed");
    }
    return words;
  }
}
