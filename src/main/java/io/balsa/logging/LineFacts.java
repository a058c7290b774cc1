package io.balsa.logging;

import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/** What the JDK's log records hold for {@link LogEvent}. */
final class LineFacts {
  private LineFacts() {}

  /** The line that a {@link LogEvent} made; null for the lines of other libraries. */
  static @Nullable LogLine line(LogRecord record) {
    Object[] parameters = record.getParameters();
    return parameters != null && parameters.length == 1 && parameters[0] instanceof LogLine line
        ? line
        : null;
  }

  /** Whether the process ends after the line. */
  static boolean isFatal(LogRecord record) {
    LogLine line = line(record);
    return line != null && line.event().severity() == LogEvent.Severity.FATAL;
  }

  /** The level as etcd writes it. */
  static String level(LogRecord record) {
    return isFatal(record) ? "fatal" : LogText.level(record.getLevel());
  }

  /** A stack trace belongs to a fault of Balsa; a library's warning has none. */
  static boolean hasTrace(LogRecord record) {
    return record.getLevel().intValue() >= Level.SEVERE.intValue() && isOurs(record);
  }

  /** Whether a class of Balsa logged the line. */
  static boolean isOurs(LogRecord record) {
    String name = record.getLoggerName();
    return name != null && (name.equals("io.balsa") || name.startsWith("io.balsa."));
  }
}
