package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.house.SharesCores;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The table of etcdctl's commands in docs/compatibility.md says what this program has. */
@SharesCores
class EtcdctlTableTest {
  private static final String BEGIN = "<!-- etcdctl: generated -->\n";
  private static final String END = "<!-- etcdctl: end -->\n";

  /** The tests of commands that no row of {@link SameAsEtcdctlTest} can compare. */
  private static final Map<String, Class<?>> TESTS =
      Map.ofEntries(
          Map.entry("watch", WatchCommandTest.class),
          Map.entry("lock", LeaseLockElectTest.class),
          Map.entry("elect", LeaseLockElectTest.class),
          Map.entry("make-mirror", MakeMirrorTest.class),
          Map.entry("completion", CompletionTest.class),
          Map.entry("help", HelpTest.class),
          Map.entry("snapshot save", BackupTest.class),
          Map.entry("check perf", OperatorCommandsTest.class),
          Map.entry("check datascale", OperatorCommandsTest.class),
          Map.entry("options", OperatorCommandsTest.class),
          Map.entry("version", OperatorCommandsTest.class));

  /** The state of each command, and of each flag behind its command. */
  private static Map<String, String> states() throws IOException {
    try (InputStream in = EtcdctlTableTest.class.getResourceAsStream("etcdctl-3.7.3.txt")) {
      Map<String, String> states = new LinkedHashMap<>();
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(line -> states.put(line.split(": ")[0], line.split(": ")[1]));
      return states;
    }
  }

  private static CommandLine command(String path) {
    CommandLine command = Main.commandLine();
    for (String word : path.split(" ")) {
      command = command.getSubcommands().get(word);
      assertThat(command).as(path).isNotNull();
    }
    return command;
  }

  @Test
  void everyCommandAndFlagIsThere() throws IOException {
    states()
        .forEach(
            (name, state) -> {
              String path = name.replaceFirst(" --.*", "");
              // all client commands have the global options
              CommandLine command = command(path.equals("options") ? "get" : path);
              if (name.contains(" --") && !(state.equals("refused") && isRefused(path))) {
                String flag = name.substring(name.indexOf("--"));
                assertThat(has(command, flag)).as(name).isTrue();
              }
            });
  }

  /** A flag of a group of commands is one of each command in it. */
  private static boolean has(CommandLine command, String flag) {
    return command.getCommandSpec().findOption(flag) != null
        || (!command.getSubcommands().isEmpty()
            && command.getSubcommands().values().stream().allMatch(each -> has(each, flag)));
  }

  private static boolean isRefused(String path) {
    return path.matches("(downgrade|member)( .*)?");
  }

  @Test
  void whatIsRefusedSaysSoOnOneLine() throws IOException {
    states()
        .forEach(
            (name, state) -> {
              if (state.equals("refused") && !name.contains("--")) {
                CommandRun run = CommandRun.of(name.split(" "));
                assertThat(run.exitCode()).as(name).isNotZero();
                assertThat(run.err().lines()).as(name).hasSize(1);
              }
            });
  }

  @Test
  void everyCommandThatIsTheSameHasATest() throws IOException {
    List<?> rows = SameAsEtcdctlTest.ROWS;
    states()
        .forEach(
            (name, state) -> {
              boolean leaf = !name.contains("--") && command(name).getSubcommands().isEmpty();
              boolean compared = name.matches("(auth|user|role) .*");
              List<?> candidates = compared ? SameAsEtcdctlAuthTest.ROWS : rows;
              if (leaf && !state.equals("refused") && !TESTS.containsKey(name)) {
                assertThat(candidates.stream().map(Object::toString))
                    .as(name)
                    .anyMatch(row -> row.equals(name) || row.startsWith(name + " "));
              }
            });
  }

  @Test
  void theDocumentHasTheTable() throws IOException {
    String text = Files.readString(Path.of("docs", "compatibility.md"));

    assertThat(text).contains(BEGIN + table() + END);
  }

  private static String table() throws IOException {
    Map<String, String> commands = new LinkedHashMap<>();
    Map<String, Map<String, String>> flags = new LinkedHashMap<>();
    states()
        .forEach(
            (name, state) -> {
              String path = name.replaceFirst(" --.*", "");
              if (path.equals(name)) {
                commands.put(name, state);
              } else {
                flags
                    .computeIfAbsent(path, _ -> new TreeMap<>())
                    .merge(
                        state,
                        "`" + name.substring(path.length() + 1) + "`",
                        EtcdctlTableTest::both);
              }
            });
    StringBuilder table =
        new StringBuilder(
            "| command | state | flags: same | flags: refused by name |\n|---|---|---|---|\n");
    commands.forEach(
        (name, state) -> {
          Map<String, String> own = flags.getOrDefault(name, Map.of());
          table.append(
              "| `%s` | %s | %s | %s |\n"
                  .formatted(
                      name,
                      words(state),
                      own.getOrDefault("same", ""),
                      own.getOrDefault("refused", "")));
        });
    return table.toString();
  }

  private static String both(String one, String other) {
    return one + " " + other;
  }

  private static String words(String state) {
    return switch (state) {
      case "more" -> "same and more";
      case "refused" -> "refused by name";
      default -> state;
    };
  }
}
