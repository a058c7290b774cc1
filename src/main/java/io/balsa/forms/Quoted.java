package io.balsa.forms;

import com.google.protobuf.ByteString;
import java.util.Locale;

/** Text in quotes as Go's {@code %q} writes it. */
public final class Quoted {
  private Quoted() {}

  /** The bytes in quotes; a byte that is not UTF-8 becomes {@code \xff}. */
  public static String of(ByteString bytes) {
    return of(RawText.of(bytes.toByteArray()));
  }

  /** The text in quotes; a char that stands for a byte becomes {@code \xff}. */
  static String of(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    text.codePoints().forEach(each -> append(quoted, each));
    return quoted.append('"').toString();
  }

  private static void append(StringBuilder quoted, int point) {
    switch (point) {
      case '"' -> quoted.append("\\\"");
      case '\\' -> quoted.append("\\\\");
      case 7 -> quoted.append("\\a");
      case '\b' -> quoted.append("\\b");
      case '\f' -> quoted.append("\\f");
      case '\n' -> quoted.append("\\n");
      case '\r' -> quoted.append("\\r");
      case '\t' -> quoted.append("\\t");
      case 11 -> quoted.append("\\v");
      default -> appendOther(quoted, point);
    }
  }

  private static void appendOther(StringBuilder quoted, int point) {
    if (point == ' ' || isPrinted(point)) {
      quoted.appendCodePoint(point);
    } else if (point < 0x80 || (point >= 0xdc80 && point <= 0xdcff)) {
      quoted.append("\\x%02x".formatted(point & 0xff));
    } else {
      quoted.append(String.format(Locale.ROOT, point > 0xffff ? "\\U%08x" : "\\u%04x", point));
    }
  }

  /** Letters, marks, numbers, punctuation and symbols. */
  private static boolean isPrinted(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SPACE_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
