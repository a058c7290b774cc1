package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.ctl.TerminalWidth;
import io.balsa.house.SharesCores;
import io.balsa.server.BalsaServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program at a terminal: what only a person sees. */
@SharesCores
@Timeout(60)
class AtTerminalTest {
  private static final Path FOLDER = Path.of("target", "at-terminal-test");

  @ParameterizedTest
  @CsvSource({
    "unset COLUMNS; stty cols 100;, 100",
    "export COLUMNS=70; stty cols 100;, 70",
    "unset COLUMNS; stty cols 0;, 80"
  })
  void helpIsAsWideAsTheTerminalOrAsColumnsSays(String before, int width) throws Exception {
    try (PseudoTerminal terminal = PseudoTerminal.ofProgram(before, "put", "--help")) {
      assertThat(terminal.exitCode()).as(terminal.screen()).isZero();
      assertThat(terminal.screen()).as("without questions to the terminal").startsWith("Usage: ");
      assertThat(longestLine(terminal.screen())).as(terminal.screen()).isBetween(width - 8, width);
    }
  }

  /** The help of a program has the helps of its commands in it; opening a terminal takes long. */
  @Test
  void theHelpOfTheProgramAsksTheTerminalNothing() throws Exception {
    try (PseudoTerminal terminal = PseudoTerminal.ofProgram("", "help")) {
      assertThat(terminal.exitCode()).as(terminal.screen()).isZero();
      assertThat(terminal.screen()).startsWith("Usage: ").doesNotContain("\033[?");
    }
  }

  /** Colours take no room. */
  private static int longestLine(String text) {
    return text.replaceAll("\033\\[[0-9;]*m", "").lines().mapToInt(String::length).max().orElse(0);
  }

  /** Nobody can write to this one. */
  @Test
  void helpNeedsNoTemporaryDirectory() throws Exception {
    String before = "export JDK_JAVA_OPTIONS=-Djava.io.tmpdir=/proc;";
    try (PseudoTerminal terminal = PseudoTerminal.ofProgram(before, "put", "--help")) {
      assertThat(terminal.exitCode()).as(terminal.screen()).isZero();
      assertThat(terminal.screen()).contains("Usage: ").doesNotContain("WARN", "xception");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "put k, reading the value from standard input",
    "txn, 'reading conditions and requests, an empty line after each part, from standard input'",
    "watch -i, reading lines such as 'watch KEY' or 'progress' from standard input"
  })
  void aCommandSaysThatItWaitsForInput(String line, String note) throws Exception {
    try (PseudoTerminal terminal = PseudoTerminal.ofProgram("", line.split(" "))) {
      terminal.await("Ctrl+C\r\n");
      terminal.type(PseudoTerminal.INTERRUPT);
      assertThat(terminal.exitCode()).isEqualTo(130);
      assertThat(terminal.screen().replaceAll("\\s+", " "))
          .contains("balsa: " + note + "; end it with Ctrl+D, give up with Ctrl+C")
          .doesNotContain("xception");
      assertThat(longestLine(terminal.screen())).isLessThanOrEqualTo(TerminalWidth.UNKNOWN);
    }
  }

  @ParameterizedTest
  @CsvSource({"put k, hello", "txn, put a b"})
  void oneCtrlDEndsTheInput(String line, String typed) throws Exception {
    String[] words = (line + " --endpoints=127.0.0.1:1").split(" ");
    try (PseudoTerminal terminal = PseudoTerminal.ofProgram("", words)) {
      terminal.await("balsa: reading ");
      terminal.type((line.equals("txn") ? "\n" : "") + typed + "\n\004");
      assertThat(terminal.exitCode()).as(terminal.screen()).isEqualTo(1);
      assertThat(terminal.screen()).contains("no server listens at 127.0.0.1:1");
    }
  }

  @Test
  void benchSaysHowManyKeysItHasFilled() throws Exception {
    TestFolders.delete(FOLDER);
    try (BalsaServer server = BalsaServer.start(OnLoopback.settings(FOLDER));
        PseudoTerminal terminal =
            PseudoTerminal.ofProgram(
                "", "bench", "get", "--keys=5000000", OnLoopback.endpoint(server))) {
      terminal.await(" of 5,000,000, ");
      assertThat(terminal.screen()).containsPattern("putting keys to read: [0-9,]+ of 5,000,000, ");
    }
    TestFolders.delete(FOLDER);
  }
}
