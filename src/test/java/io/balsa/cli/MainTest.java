package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {
  @Test
  void anUnknownCommandIsABadCommandLineAndNamesThoseThereAre() {
    CommandRun run = CommandRun.of("frobnicate");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("there is no command 'frobnicate'", "playground", "put");
    assertThat(run.err().lines()).hasSize(1);
  }

  @Test
  void everyCommandExplainsItself() {
    List<String> commands =
        Main.commandLine().getSubcommands().values().stream()
            .map(CommandLine::getCommandName)
            .distinct()
            .toList();

    assertThat(commands).contains("server", "proxy", "playground", "bench", "drill", "status");
    for (String command : commands) {
      CommandRun run = CommandRun.of(command, "--help");
      assertThat(run.exitCode()).as(command).isZero();
      assertThat(run.out()).as(command).contains("Usage: balsa " + command);
    }
  }

  @Test
  void theVersionIsTold() {
    assertThat(CommandRun.of("--version").out()).matches("balsa \\d+\\.\\d+\\.\\d+\\R");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "server --frobnicate",
        "server --heartbeat-interval=soon",
        "server --election-timeout=300",
        "server --listen-client-urls=localhost:2379",
        "server --listen-client-urls=https://localhost:2379",
        "server --listen-peer-urls=http://localhost",
        "server --listen-client-urls=http://0.0.0.0:2379",
        "server --initial-cluster=other=http://localhost:2380",
        "server --initial-cluster=default=http://localhost:1",
        "server --initial-cluster=default",
        "server --initial-cluster-state=old",
        "server --initial-cluster-state=existing --data-dir=target/nowhere",
        "server --auto-compaction-retention=often",
        "server --cert-file=x",
        "server --client-cert-auth",
        "server --name=a,b",
        "server --data-dir=",
        "server --listen-client-urls=http://127.0.0.1:2380"
            + " --listen-peer-urls=http://127.0.0.1:2380"
      })
  void badOptionsOfAServerAreOneLineAndExitCodeTwo(String line) {
    assertOneLineAndExitCodeTwo(line);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "proxy --read-policy=best",
        "proxy --listen-addr=nowhere",
        "proxy --endpoints=127.0.0.1:1 --listen-addr=127.0.0.1:1",
        "playground --base-port=80",
        "drill --scenarios=9",
        "bench frob",
        "bench --clients=0",
        "bench watch --watchers=0",
        "get a --prefix --from-key",
        "get a --command-timeout=soon",
        "get a --endpoints=https://127.0.0.1:1",
        "compact soon"
      })
  void badInputOfOtherCommandsIsOneLineAndExitCodeTwo(String line) {
    assertOneLineAndExitCodeTwo(line);
  }

  private static void assertOneLineAndExitCodeTwo(String line) {
    CommandRun run = CommandRun.of(line.split(" "));

    assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1);
  }

  @Test
  void whatFailsOnTheWayIsOneLineAndExitCodeOne() {
    CommandRun run = CommandRun.of("get", "a", "--endpoints=127.0.0.1:1");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith("balsa get: ").doesNotContain("Exception:");
    assertThat(run.err().lines()).hasSize(1);
  }

  @Test
  void aSingleDashBeforeAWordIsTwo() {
    assertThat(GoFlags.doubleDashed("-name", "-data-dir=x", "--name", "-w", "-o=json", "-1", "a"))
        .containsExactly("--name", "--data-dir=x", "--name", "-w", "-o=json", "-1", "a");
  }

  @Test
  void anOptionCanStandInTheEnvironment() {
    assertThat(EnvironmentDefaults.variable("--initial-cluster"))
        .isEqualTo("BALSA_INITIAL_CLUSTER");
  }
}
