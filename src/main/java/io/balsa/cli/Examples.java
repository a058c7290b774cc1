package io.balsa.cli;

import java.util.List;
import java.util.Map;

/** Examples for the commands whose own help has none. */
final class Examples {
  private static final Map<String, List<String>> ALL =
      Map.ofEntries(
          Map.entry("balsa warm-up", List.of("balsa warm-up")),
          Map.entry("balsa compact", List.of("balsa compact 1000")),
          Map.entry("balsa lease grant", List.of("balsa lease grant 60")),
          Map.entry("balsa lease revoke", List.of("balsa lease revoke 694d71ddacfda227")),
          Map.entry("balsa lease timetolive", List.of("balsa lease timetolive 694d71ddacfda227")),
          Map.entry("balsa lease keep-alive", List.of("balsa lease keep-alive 694d71ddacfda227")),
          Map.entry("balsa lease list", List.of("balsa lease list")),
          Map.entry("balsa snapshot save", List.of("balsa snapshot save backup.db")),
          Map.entry("balsa snapshot status", List.of("balsa snapshot status backup.db")));

  private Examples() {}

  /** The lines of a help's footer for a command; none when this class has none for it. */
  static List<String> of(String command) {
    List<String> lines = ALL.getOrDefault(command, List.of());
    return lines.isEmpty() ? List.of() : List.of("", "Example:", "  " + String.join("\n  ", lines));
  }
}
