package io.balsa.logging;

import java.util.Locale;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/** A line for people: {@code time LEVEL words; hint name=value}. */
final class TextFormatter extends Formatter {
  @Override
  public String format(LogRecord record) {
    StringBuilder text = new StringBuilder(LogText.time(record.getInstant())).append(' ');
    text.append(LineFacts.level(record).toUpperCase(Locale.ROOT)).append(' ');
    LogLine line = LineFacts.line(record);
    if (line != null) {
      text.append(line);
    } else {
      LogText.addEscaped(text, LogText.foreign(record));
    }
    addFailure(text, record);
    return text.append('\n').toString();
  }

  private static void addFailure(StringBuilder text, LogRecord record) {
    Throwable failure = record.getThrown();
    if (failure != null && LineFacts.hasTrace(record)) {
      LogText.addTrace(text.append(" stacktrace="), failure);
    } else if (failure != null) {
      LogText.addValue(text.append(" error="), failure.toString());
    }
  }
}
