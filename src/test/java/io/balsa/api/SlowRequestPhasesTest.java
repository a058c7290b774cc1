package io.balsa.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The table of phases in docs/operations.md has a row for each phase of a slow request. */
class SlowRequestPhasesTest {
  @Test
  void eachPhaseIsExplained() throws Exception {
    String text = Files.readString(Path.of("docs/operations.md"));
    String table =
        text.substring(text.indexOf("### Slow requests"), text.indexOf("### All log lines"));

    for (SlowRequests.Phase phase : SlowRequests.Phase.values()) {
      assertThat(table.lines().filter(line -> line.startsWith("| `")).toList())
          .anyMatch(row -> row.split("\\|")[1].contains("`" + phase.field() + "`"));
    }
  }
}
