package io.balsa.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.logging.LogEvent;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of log lines in docs/operations.md holds exactly the lines that the program has. */
class LogEventsTest {
  private static final Path SOURCES = Path.of("src/main/java");
  private static final Path DOCUMENT = Path.of("docs/operations.md");
  private static final String HEAD = "| level | line | what to do |\n|---|---|---|\n";

  @Test
  void theDocumentListsEveryLine() throws Exception {
    List<String> rows =
        events().stream()
            .filter(event -> event.severity() != LogEvent.Severity.DEBUG)
            .sorted(
                (a, b) ->
                    a.severity() == b.severity()
                        ? a.words().compareTo(b.words())
                        : b.severity().compareTo(a.severity()))
            .map(event -> row(event.severity(), event.words(), event.hint()))
            .distinct()
            .toList();

    assertThat(rows).hasSizeGreaterThan(40);
    assertThat(Files.readString(DOCUMENT)).contains(HEAD + String.join("\n", rows) + "\n\n");
  }

  private static String row(LogEvent.Severity severity, String words, String hint) {
    return hint.isEmpty()
        ? "| %s | %s | |".formatted(severity, words)
        : "| %s | %s | %s |".formatted(severity, words, hint);
  }

  /** Each kind of line has one place: a search for its words finds who logs it. */
  @Test
  void everyDeclarationIsFound() throws Exception {
    long declared = 0;
    for (Path file : users()) {
      declared +=
          Files.readString(file).split("LogEvent\\s*\\.(debug|info|warn|error|fatal)\\(").length
              - 1;
    }
    // the kinds of client faults share one declaration
    assertThat(events()).hasSize((int) declared - 1 + 10);
  }

  private static List<LogEvent> events() throws ReflectiveOperationException, IOException {
    List<LogEvent> all = new ArrayList<>();
    for (Path file : users()) {
      String name = SOURCES.relativize(file).toString().replace('/', '.').replace(".java", "");
      Class<?> type = Class.forName(name);
      addAll(type, all);
      for (Class<?> inner : type.getDeclaredClasses()) {
        addAll(inner, all);
      }
    }
    return all;
  }

  private static void addAll(Class<?> type, List<LogEvent> to) throws IllegalAccessException {
    for (Field field : type.getDeclaredFields()) {
      if (field.getType() == LogEvent.class) {
        field.setAccessible(true);
        for (Object owner : owners(type, field)) {
          to.add((LogEvent) field.get(owner));
        }
      }
    }
  }

  /** The constants of an enum; one null for a static field. */
  private static List<Object> owners(Class<?> type, Field field) {
    if (Modifier.isStatic(field.getModifiers())) {
      return Arrays.asList((Object) null);
    }
    return type.isEnum() ? List.of(type.getEnumConstants()) : List.of();
  }

  private static List<Path> users() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      List<Path> users = new ArrayList<>();
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        if (Files.readString(file).contains("LogEvent.")) {
          users.add(file);
        }
      }
      return users;
    }
  }
}
