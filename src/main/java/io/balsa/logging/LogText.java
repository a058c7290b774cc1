package io.balsa.logging;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/**
 * Text for log lines. Clients choose parts of it, so it stays on one line, has no control
 * characters, and has a bound.
 */
final class LogText {
  /** A longer text is cut. */
  static final int CHARS_MAX = 2_000;

  private static final int TRACE_CHARS_MAX = 16_000;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSXXX", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private LogText() {}

  /** The time by RFC 3339, in UTC, with microseconds. */
  static String time(Instant at) {
    return TIME.format(at);
  }

  /** Adds text with its control characters and line ends escaped. */
  static void addEscaped(StringBuilder to, String text) {
    add(to, text, "", CHARS_MAX);
  }

  /** Adds the value of a field, in quotes when it could be misread without. */
  static void addValue(StringBuilder to, String value) {
    if (isPlain(value)) {
      to.append(value);
    } else {
      addQuoted(to, value, CHARS_MAX);
    }
  }

  private static void addQuoted(StringBuilder to, String value, int charsMax) {
    add(to.append('"'), value, "\"\\", charsMax);
    to.append('"');
  }

  /** Adds a stack trace as one quoted value. */
  static void addTrace(StringBuilder to, Throwable failure) {
    addQuoted(to, trace(failure), TRACE_CHARS_MAX);
  }

  /** A stack trace, cut at its end when it is very long. */
  static String trace(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    String all = text.toString().strip();
    return all.length() <= TRACE_CHARS_MAX ? all : all.substring(0, TRACE_CHARS_MAX);
  }

  /** The text as it is, cut when it is too long. */
  static String bounded(String text) {
    return text.length() <= CHARS_MAX
        ? text
        : text.substring(0, CHARS_MAX) + "... (" + (text.length() - CHARS_MAX) + " more)";
  }

  /** The message of a line that no {@link LogEvent} made. */
  static String foreign(LogRecord record) {
    return new SimpleFormatter().formatMessage(record);
  }

  /** The name of a level as etcd writes it. */
  static String level(Level level) {
    int value = level.intValue();
    if (value >= Level.SEVERE.intValue()) {
      return "error";
    }
    if (value >= Level.WARNING.intValue()) {
      return "warn";
    }
    return value >= Level.INFO.intValue() ? "info" : "debug";
  }

  private static boolean isPlain(String value) {
    return !value.isEmpty()
        && value.length() <= CHARS_MAX
        && value.chars().noneMatch(c -> c <= ' ' || c == '"' || c == '=' || mustEscape((char) c));
  }

  private static void add(StringBuilder to, String text, String withBackslash, int charsMax) {
    int shown = Math.min(text.length(), charsMax);
    for (int i = 0; i < shown; i++) {
      char c = text.charAt(i);
      if (withBackslash.indexOf(c) >= 0) {
        to.append('\\').append(c);
      } else if (mustEscape(c)) {
        addCode(to, c);
      } else {
        to.append(c);
      }
    }
    if (shown < text.length()) {
      to.append("... (").append(text.length() - shown).append(" more)");
    }
  }

  /** Control characters, line ends, and what changes the order in which a terminal shows text. */
  private static boolean mustEscape(char c) {
    int type = Character.getType(c);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }

  private static void addCode(StringBuilder to, char c) {
    switch (c) {
      case '\n' -> to.append("\\n");
      case '\r' -> to.append("\\r");
      case '\t' -> to.append("\\t");
      default -> to.append("\\u%04x".formatted((int) c));
    }
  }
}
