package io.balsa.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs the scenario files: prose, commands, {@code ----}, transcript. Dashes end a block of
 * commands, and an empty line ends its transcript. {@code -Dscenarios.rewrite=true} writes the
 * transcripts anew; review the difference.
 */
class ScenarioTest {
  private static final Path FOLDER = Path.of("src/test/resources/scenarios");
  private static final boolean REWRITE = Boolean.getBoolean("scenarios.rewrite");

  @TestFactory
  Stream<DynamicTest> scenarios() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      List<Path> all = files.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
      return all.stream()
          .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)));
    }
  }

  private static void check(Path file) throws IOException {
    String expected = Files.readString(file);
    String actual = replay(expected.lines().toList());
    if (REWRITE) {
      Files.writeString(file, actual);
    } else {
      assertThat(actual).isEqualTo(expected);
    }
  }

  /** The file with the transcripts of the current code. */
  private static String replay(List<String> lines) {
    ScenarioScript scenario = new ScenarioScript();
    List<String> out = new ArrayList<>();
    List<String> transcript = new ArrayList<>();
    boolean skipping = false;
    for (String line : lines) {
      if (skipping) {
        skipping = !line.isEmpty();
        if (skipping) {
          continue;
        }
      }
      out.add(line);
      if (line.equals("----")) {
        out.addAll(transcript);
        transcript.clear();
        skipping = true;
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        transcript.addAll(scenario.run(line));
      }
    }
    return String.join("\n", out) + "\n";
  }
}
