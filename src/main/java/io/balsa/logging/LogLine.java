package io.balsa.logging;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One line: its kind and its fields. As text it is {@code words; hint name=value name="a value"}.
 */
final class LogLine {
  private final LogEvent event;
  private final Object[] fields;

  LogLine(LogEvent event, Object[] fields) {
    this.event = event;
    this.fields = fields;
  }

  LogEvent event() {
    return event;
  }

  /** A field; its value may be a number, a boolean, a collection or a text. */
  record Field(String name, Object value) {}

  /** The fields in their order. */
  List<Field> fields() {
    List<Field> all = new ArrayList<>();
    for (int i = 0; i + 1 < fields.length; i += 2) {
      all.add(new Field(String.valueOf(fields[i]), value(fields[i + 1])));
    }
    return all;
  }

  private static Object value(@Nullable Object given) {
    return switch (given) {
      case null -> "";
      case Duration took -> text(took);
      default -> given;
    };
  }

  /** A duration as Go prints it, with three digits after the point. */
  static String text(Duration took) {
    long nanos = took.toNanos();
    if (nanos >= 1_000_000_000) {
      return "%d.%03ds".formatted(nanos / 1_000_000_000, nanos / 1_000_000 % 1_000);
    }
    if (nanos >= 1_000_000) {
      return "%d.%03dms".formatted(nanos / 1_000_000, nanos / 1_000 % 1_000);
    }
    return "%d.%03dµs".formatted(nanos / 1_000, nanos % 1_000);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    LogText.addEscaped(text, event.words());
    if (!event.hint().isEmpty()) {
      LogText.addEscaped(text.append("; "), event.hint());
    }
    for (Field field : fields()) {
      text.append(' ').append(field.name()).append('=');
      LogText.addValue(text, plain(field.value()));
    }
    return text.toString();
  }

  private static String plain(Object value) {
    return value instanceof Collection<?> some
        ? some.stream().map(String::valueOf).collect(Collectors.joining(","))
        : String.valueOf(value);
  }
}
