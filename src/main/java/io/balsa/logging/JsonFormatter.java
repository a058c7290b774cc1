package io.balsa.logging;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/** A line for programs: one JSON object with etcd's keys. */
final class JsonFormatter extends Formatter {
  private static final String HOUSE = "io.balsa.";

  @Override
  public String format(LogRecord record) {
    StringWriter text = new StringWriter();
    try (JsonWriter out = new JsonWriter(text)) {
      out.setHtmlSafe(false);
      out.beginObject();
      write(record, out);
      out.endObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.append("\n").toString();
  }

  private static void write(LogRecord record, JsonWriter out) throws IOException {
    out.name("level").value(LineFacts.level(record));
    out.name("ts").value(LogText.time(record.getInstant()));
    out.name("logger").value(room(record));
    LogLine line = LineFacts.line(record);
    if (line != null) {
      write(line, out);
    } else {
      out.name("msg").value(LogText.bounded(LogText.foreign(record)));
    }
    Throwable failure = record.getThrown();
    if (failure != null && LineFacts.hasTrace(record)) {
      out.name("stacktrace").value(LogText.trace(failure));
    } else if (failure != null) {
      out.name("error").value(LogText.bounded(failure.toString()));
    }
  }

  private static String room(LogRecord record) {
    String name = String.valueOf(record.getLoggerName());
    return name.startsWith(HOUSE) ? name.substring(HOUSE.length()) : name;
  }

  private static void write(LogLine line, JsonWriter out) throws IOException {
    out.name("msg").value(line.event().words());
    if (!line.event().hint().isEmpty()) {
      out.name("hint").value(line.event().hint());
    }
    for (LogLine.Field field : line.fields()) {
      write(field.value(), out.name(field.name()));
    }
  }

  private static void write(Object value, JsonWriter out) throws IOException {
    switch (value) {
      case Number number -> out.value(number);
      case Boolean yes -> out.value(yes);
      case Collection<?> some -> {
        out.beginArray();
        for (Object each : some) {
          out.value(LogText.bounded(String.valueOf(each)));
        }
        out.endArray();
      }
      default -> out.value(LogText.bounded(value.toString()));
    }
  }
}
