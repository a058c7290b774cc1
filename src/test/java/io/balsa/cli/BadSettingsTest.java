package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.house.SharesCores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.OptionSpec;

/** A bad setting is told before the log begins: one line on standard error, and nothing else. */
@SharesCores
class BadSettingsTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "server --listen-client-urls=127.0.0.1:5",
        "server --election-timeout=5",
        "server --name=q --initial-cluster=a=http://127.0.0.1:1",
        "server --auto-compaction-retention=often",
        "server --max-request-bytes=9000000",
        "server --warning-apply-duration=soon",
        "server --initial-cluster-state=existing --data-dir=target/nowhere",
        "server --log-level=loud",
        "proxy --endpoints=x",
        "proxy --listen-addr=nowhere",
        "proxy --read-policy=best",
        "proxy --max-response-bytes=-1",
        "proxy --endpoints=127.0.0.1:1 --listen-addr=127.0.0.1:1"
      })
  void aBadFlagIsOneLine(String line) {
    Path log = folder.resolve("log");
    List<String> words = new ArrayList<>(List.of(line.split(" ")));
    words.add("--log-outputs=" + log);

    assertOneLine(CommandRun.of(words.toArray(String[]::new)), log);
  }

  /** No value of a number ends the program or means another number. */
  @ParameterizedTest
  @ValueSource(strings = {"server", "proxy"})
  void sec14ANumberThatCannotBeIsOneLine(String command) {
    Path log = folder.resolve("log");
    var options =
        Objects.requireNonNull(Main.commandLine().getSubcommands().get(command))
            .getCommandSpec()
            .options()
            .stream()
            .filter(option -> option.type() == int.class || option.type() == long.class)
            .map(OptionSpec::longestName)
            .toList();
    assertThat(options).hasSizeGreaterThan(1);
    for (String option : options) {
      for (String value : List.of("99999999999999999999", "-99999999999999999999", "1e", "")) {
        CommandRun run = CommandRun.of(command, option + "=" + value, "--log-outputs=" + log);
        assertOneLine(run, log);
        assertThat(run.err()).contains(option);
      }
    }
  }

  @Test
  void aBadLineOfAFileIsOneLine() throws IOException {
    Path log = folder.resolve("log");
    for (List<String> lines :
        List.of(
            List.of("server", "election-timeout: 5"),
            List.of("server", "listen-client-urls: 127.0.0.1:5"),
            List.of("proxy", "endpoints: x"))) {
      Path file = folder.resolve("c.yml");
      Files.write(file, List.of(lines.get(1), "log-outputs: [" + log + "]"));

      CommandRun run = CommandRun.of(lines.get(0), "--config-file=" + file);

      assertOneLine(run, log);
      assertThat(run.err()).startsWith("balsa " + lines.get(0) + ": " + file + ":1: ");
    }
  }

  private static void assertOneLine(CommandRun run, Path log) {
    assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).hasLineCount(1);
    assertThat(log).doesNotExist();
  }
}
