package io.balsa.logging;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/**
 * Writes log lines to all outputs. A library's lines are told once a minute for each of its
 * loggers, because clients can cause some of them. A line that cannot be written is counted, and
 * the server goes on.
 */
final class LineHandler extends Handler {
  private static final LogEvent LIBRARY =
      LogEvent.warn(
          "io.balsa.logging",
          "a library logged a line",
          "look for failed requests at the same time; report it with its text if there are some");

  private static final LogEvent LOST =
      LogEvent.warn(
          "io.balsa.logging",
          "log lines could not be written",
          "check the room and the rights of the output");

  private final List<LogOutput> outputs;
  private final boolean onlyFatal;
  private final Map<String, RareLine> libraries = new ConcurrentHashMap<>();
  private final Map<String, Long> lost = new ConcurrentHashMap<>();

  /**
   * @param onlyFatal whether to write only the line of a process that ends itself
   */
  LineHandler(List<LogOutput> outputs, Formatter form, boolean onlyFatal) {
    this.outputs = List.copyOf(outputs);
    this.onlyFatal = onlyFatal;
    setFormatter(form);
  }

  @Override
  public void publish(LogRecord record) {
    if (!isLoggable(record) || (onlyFatal && !LineFacts.isFatal(record))) {
      return;
    }
    if (LineFacts.isOurs(record)) {
      byte[] line = getFormatter().format(record).getBytes(StandardCharsets.UTF_8);
      outputs.forEach(output -> write(output, record, line));
    } else {
      countLibrary(record);
    }
  }

  private void countLibrary(LogRecord record) {
    String name = String.valueOf(record.getLoggerName());
    Throwable failure = record.getThrown();
    libraries
        .computeIfAbsent(name, _ -> new RareLine(LIBRARY))
        .happened(
            "library",
            name,
            "line",
            LogText.foreign(record),
            "error",
            failure == null ? "" : failure.toString());
  }

  private void write(LogOutput output, LogRecord record, byte[] line) {
    try {
      synchronized (output) {
        output.write(record.getLevel(), line);
      }
    } catch (IOException _) {
      var _ = lost.merge(output.name(), 1L, Long::sum);
      return;
    }
    Long before = lost.remove(output.name());
    if (before != null) {
      LOST.log("lines", before, "output", output.name());
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
