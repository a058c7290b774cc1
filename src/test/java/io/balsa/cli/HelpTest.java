package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.ctl.TerminalWidth;
import io.balsa.house.SharesCores;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@SharesCores
class HelpTest {
  @ParameterizedTest
  @ValueSource(ints = {60, 80, 120})
  void everyHelpFitsTheWidthIsWholeAndHasAnExample(int width) {
    everyCommand(Main.commandLine()).forEach(command -> assertGood(command, width));
  }

  private static void assertGood(CommandLine command, int width) {
    String name = command.getCommandSpec().qualifiedName();
    String[] description = command.getCommandSpec().usageMessage().description();
    String help = help(command, width);

    assertThat(help.lines()).as(name).allMatch(line -> line.length() <= width);
    assertThat(help.lines()).as(name).anyMatch(line -> line.startsWith("Example"));
    assertThat(words(help)).as(name).contains(words(String.join(" ", description)));
    assertThat(HelpText.summary(description)).as(name).endsWith(".");
    for (CommandLine each : command.getSubcommands().values()) {
      String summary = HelpText.summary(each.getCommandSpec().usageMessage().description());
      if (!each.getCommandSpec().usageMessage().hidden()) {
        assertThat(words(help)).as(name).contains(words(summary));
      }
    }
  }

  @Test
  void anExampleCanBePasted() {
    for (int width : new int[] {60, 80, 90, 120}) {
      everyCommand(Main.commandLine())
          .forEach(
              command -> {
                String footer = String.join("\n", command.getCommandSpec().usageMessage().footer());
                String help = help(command, width);
                String shown = help.substring(help.lastIndexOf("\nExample"));
                assertThat(pasted(shown))
                    .as(command.getCommandSpec().qualifiedName())
                    .containsAll(pasted(footer.substring(footer.indexOf("\nExample") + 1)));
              });
    }
    assertThat(ExampleLines.fitted(List.of("Example:", "  a 'b c' d # e"), 13))
        .containsExactly("Example:", "  # e", "  a 'b c' d");
    assertThat(ExampleLines.fitted(List.of("Example:", "  a 'b c' dd"), 11))
        .containsExactly("Example:", "  a 'b c' \\", "    dd");
    assertThat(ExampleLines.fitted(List.of("Example:", "  a,bc,d"), 7))
        .containsExactly("Example:", "  a,\\", "bc,d");
  }

  /** The lines that a shell gets, each with its words apart by one blank. */
  private static List<String> pasted(String text) {
    return text.replaceAll("\\\\\n", "")
        .lines()
        .map(line -> line.replaceAll(" # .*", "").strip().replaceAll(" +", " "))
        .filter(line -> line.startsWith("balsa "))
        .toList();
  }

  @Test
  void aUrlInAnOptionIsWhole() {
    for (int width = 60; width <= 120; width++) {
      CommandLine program = Main.commandLine();
      String help = help(Objects.requireNonNull(program.getSubcommands().get("server")), width);
      assertThat(help.lines())
          .noneMatch(line -> line.matches(".*https?:/*"))
          .noneMatch(line -> line.matches(" +//.*"))
          .noneMatch(line -> line.matches(".*[\ue000-\ue010].*"));
    }
  }

  @Test
  void theWidthIsAskedOnce() {
    AtomicInteger asked = new AtomicInteger();
    CommandLine program =
        Main.commandLine().setHelpFactory(HelpText.factory(() -> 70 + asked.getAndIncrement()));
    program.usage(new PrintWriter(new StringWriter()));

    assertThat(asked).hasValue(1);
  }

  private static String help(CommandLine command, int width) {
    command.setHelpFactory((spec, colours) -> HelpText.of(spec, colours, width));
    StringWriter out = new StringWriter();
    command.usage(new PrintWriter(out));
    return out.toString();
  }

  /** Without the breaks of lines, which depend on the width. */
  private static String words(String text) {
    return text.replaceAll("\\s+", "");
  }

  private static Stream<CommandLine> everyCommand(CommandLine top) {
    return Stream.concat(
        Stream.of(top), top.getSubcommands().values().stream().flatMap(HelpTest::everyCommand));
  }

  @Test
  void helpOfACommandIsTheSameInEachWayToAskForIt() {
    String asked = CommandRun.of("put", "--help").out();

    assertThat(asked).startsWith("Usage: balsa put");
    assertThat(CommandRun.of("help", "put").out()).isEqualTo(asked);
    assertThat(CommandRun.of("help", "lease", "grant").out())
        .isEqualTo(CommandRun.of("lease", "grant", "--help").out());
  }

  @Test
  void withoutACommandTheHelpIsPrinted() {
    CommandRun run = CommandRun.of();

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isEqualTo(CommandRun.of("--help").out()).contains("playground");
    assertThat(CommandRun.of("help").out()).isEqualTo(run.out());
  }

  @Test
  void helpOfNoCommandIsOneLine() {
    CommandRun run = CommandRun.of("help", "lease", "grnt");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().strip())
        .isEqualTo("balsa help: there is no command 'balsa lease grnt'; did you mean grant?");
  }

  @Test
  void aMistypedCommandNamesTheNearest() {
    assertThat(CommandRun.of("gte", "a").err())
        .isEqualTo("there is no command 'gte'; did you mean get? See balsa --help\n");
  }

  @Test
  void aStartMakesOnlyTheCommandItNeeds() {
    assertThat(ProgramCommands.named("lease", "grant", "60")).hasSize(1);
    assertThat(ProgramCommands.named("warm-up")).hasSize(1);
    assertThat(ProgramCommands.named("move-leader", "1")).hasSize(1);
    assertThat(ProgramCommands.named("compaction", "1")).hasSize(1);
    assertThat(ProgramCommands.named("compact", "1")).isEqualTo(ProgramCommands.ALL);
    assertThat(ProgramCommands.named("--version")).isEmpty();
    assertThat(ProgramCommands.named("help", "put")).isEqualTo(ProgramCommands.ALL);
  }

  @Test
  void aWidthIsBounded() {
    assertThat(Stream.of("10", "0", "100", "1000", "x", "").map(TerminalWidth::number))
        .containsExactly(10, 0, 100, 1000, 0, 0);
    assertThat(Arrays.stream(new int[] {0, 10, 100, 1000}).map(TerminalWidth::bounded))
        .containsExactly(80, 60, 100, 120);
  }
}
