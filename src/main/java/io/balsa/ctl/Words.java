package io.balsa.ctl;

import io.balsa.forms.RawText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits a line into words as etcdctl does: by blanks, but not inside quotes. Between double quotes
 * Go's escapes hold, such as {@code \n}, {@code \x41}, {@code \101} and <code>&#92;u00e9</code>.
 * Between single quotes and outside of quotes a backslash is a backslash.
 *
 * <p>The result is text as {@link RawText} has it: an escape may stand for any byte.
 */
public final class Words {
  /** The possessive {@code *+} needs no stack; {@code *} overflows it at some 10 KB. */
  private static final Pattern WORD =
      Pattern.compile(
          "\"((?:[^\"\\\\]|\\\\.)*+)\"|'([^']*)'|[^'\"\\t\\n\\f\\r ][^\\t\\n\\f\\r ]*",
          Pattern.DOTALL);

  private static final Pattern ESCAPE =
      Pattern.compile(
          "\\\\(?:([abfnrtv\\\\\"])|x(\\p{XDigit}{2})|u(\\p{XDigit}{4})|U(\\p{XDigit}{8})|([0-7]{3}))",
          Pattern.DOTALL);
  private static final String SHORT = "abfnrtv\\\"";
  private static final String MEANT = "\u0007\b\f\n\r\t\u000b\\\"";

  private Words() {}

  /**
   * The words of a line.
   *
   * @throws BadInput when a quote stays open or an escape is none
   */
  public static List<String> split(String line) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(line);
    int end = 0;
    while (word.find()) {
      refuseOpenQuote(line, line.substring(end, word.start()));
      words.add(
          word.group(1) != null
              ? unescaped(word.group(1))
              : word.group(2) != null ? word.group(2) : word.group());
      end = word.end();
    }
    refuseOpenQuote(line, line.substring(end));
    return List.copyOf(words);
  }

  private static void refuseOpenQuote(String line, String between) {
    if (!between.isBlank()) {
      throw new BadInput("a quote is open in: " + line);
    }
  }

  /** What stands between double quotes, without escapes. */
  public static String unescaped(String quoted) {
    StringBuilder text = new StringBuilder();
    Matcher escape = ESCAPE.matcher(quoted);
    int at = quoted.indexOf('\\');
    int done = 0;
    while (at >= 0) {
      if (!escape.find(at) || escape.start() != at) {
        throw bad(quoted.substring(at, Math.min(quoted.length(), at + 4)));
      }
      text.append(quoted, done, at).append(meant(escape));
      done = escape.end();
      at = quoted.indexOf('\\', done);
    }
    return text.append(quoted, done, quoted.length()).toString();
  }

  private static String meant(Matcher escape) {
    if (escape.group(1) != null) {
      return MEANT.substring(SHORT.indexOf(escape.group(1))).substring(0, 1);
    }
    if (escape.group(2) != null) {
      return ofByte(escape, Integer.parseInt(escape.group(2), 16));
    }
    if (escape.group(5) != null) {
      return ofByte(escape, Integer.parseInt(escape.group(5), 8));
    }
    String digits = escape.group(3) != null ? escape.group(3) : escape.group(4);
    long point = Long.parseLong(digits, 16);
    if (point > Character.MAX_CODE_POINT || (point >= 0xd800 && point <= 0xdfff)) {
      throw bad(escape.group());
    }
    return Character.toString((int) point);
  }

  private static String ofByte(Matcher escape, int value) {
    if (value > 0xff) {
      throw bad(escape.group());
    }
    return value < 0x80
        ? new String(new byte[] {(byte) value}, StandardCharsets.US_ASCII)
        : String.valueOf(RawText.ofByte((byte) value));
  }

  private static BadInput bad(String escape) {
    return new BadInput(
        "'"
            + escape
            + "' is no escape; between double quotes there are \\\\ \\\" \\n"
            + " \\t \\xHH \\OOO \\uHHHH, between single quotes none");
  }
}
