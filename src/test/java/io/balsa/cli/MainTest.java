package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.cli.settings.GoFlags;
import io.balsa.house.SharesCores;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

@SharesCores
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
        "server --cert-file=x --key-file=y",
        "server --tls-min-version=TLS1.1",
        "server --cipher-suites=TLS_RSA_WITH_RC4_128_SHA",
        "server --tls-min-version=TLS1.3 --tls-max-version=TLS1.2",
        "server --listen-peer-urls=https://localhost:2380",
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
        "drill --endpoints=127.0.0.1:1",
        "drill --abuse --endpoints=nowhere",
        "bench frob",
        "simulate --mutants=src/test/mutants --servers=3",
        "simulate --mutants=src/test/mutants --clients=2",
        "simulate --mutants=src/test/mutants --without=crash",
        "simulate --mutant=src/test/mutants/revision-torn.mutant --seed=4 --shrink",
        "bench --clients=0",
        "bench watch --watchers=0",
        "get a --prefix --from-key",
        "get a --command-timeout=soon",
        "get a --key=x",
        "--cacert=nowhere.pem get a",
        "get a --cacert=x",
        "get a --cert=x",
        "put a b --user=root",
        "put a b --password=x",
        "put a b --auth-jwt-token=x --user=root:x",
        "get a --insecure-transport=perhaps",
        "get a --discovery-srv=example.org",
        "get a --dial-timeout=0s",
        "get a --print-value-only -w json",
        "get a --keys-only --count-only",
        "get a --min-mod-rev=3 --max-mod-rev=2",
        "put a --ignore-value b",
        "watch a --rev=x",
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

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:1, 'no server listens at 127.0.0.1:1; start it, or give the right --endpoints'",
    "'127.0.0.1:1,127.0.0.1:2', no server listens at 127.0.0.1:1",
    "no-host.invalid:1, no address is known for the host in --endpoints (no-host.invalid:1)"
  })
  void aFailureNamesTheEndpointAndWhatToDo(String endpoints, String said) {
    for (String command : List.of("get a", "put a b", "lease list", "compact 7", "lock l true")) {
      CommandRun run = CommandRun.of((command + " --endpoints=" + endpoints).split(" "));

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).contains(said).doesNotContain("UNAVAILABLE", "xception", "io.grpc");
      assertThat(run.err().lines()).hasSize(1);
    }
  }

  /** A write that may have been performed does not go to the next server. */
  @Test
  void aFailureNamesOnlyTheEndpointsThatWereAsked() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + silent.getLocalPort();
      CommandRun run =
          CommandRun.of(
              "put", "a", "b", "--command-timeout=1s", "--endpoints=" + address + ",127.0.0.1:1");

      assertThat(run.err()).startsWith("balsa put: no answer from " + address + " within 1s");
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "lease grant x, TTL: 'x' is not a whole number;",
        "get a --limit=x, --limit: 'x' is not a whole number;",
        "get a --limit=99999999999999999999, not a whole number from -9223372036854775807 to 92",
        "compact x, REVISION: 'x' is not a whole number;",
        "get a --prefix=x, --prefix: 'x' is neither true nor false;",
        "get a --order=x, --order: 'x' is none of ",
        "put a b c, too many arguments: 'c'; quote a value that has spaces;",
        "status x, too many arguments: 'x';",
        "lease grant, missing: TTL; see balsa lease grant --help",
        "member add a, missing: --peer-urls;",
        "lock l sh -c x, there is no option '-c'; put -- before a command that has options;",
        "watch k sh -c x, there is no option '-c'; put -- before a command that has options;",
        "`snapshot save --endpoints=h:1,h:2 x`, not multiple [h:1 h:2]; give one of them"
      })
  void aBadCommandLineIsExplainedInPlainWords(String line, String said) {
    CommandRun run = CommandRun.of(line.split(" "));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(said).hasLineCount(1);
    assertThat(run.err()).doesNotContain("a long", "an int", "index", "Unmatched", "Invalid");
  }

  @Test
  void aFileThatCannotBeWrittenIsExplained() {
    CommandRun run = CommandRun.of("snapshot", "save", "--endpoints=127.0.0.1:1", "/no-folder/x");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).isEqualTo("balsa snapshot save: there is no folder /no-folder\n");
  }

  @ParameterizedTest
  @ValueSource(classes = {OutOfMemoryError.class, StackOverflowError.class})
  void aLackOfMemoryIsOneLineAndExitCodeOne(Class<? extends Error> kind) {
    StringWriter err = new StringWriter();
    Callable<Integer> greedy =
        () -> {
          throw kind.getConstructor().newInstance();
        };
    CommandLine program = Main.commandLine().addSubcommand("greedy", new Greedy(greedy));
    program.setErr(new PrintWriter(err, true));

    assertThat(Main.execute(program, "greedy")).isEqualTo(1);
    assertThat(err.toString()).contains(kind.getSimpleName(), "BALSA_JAVA_OPTS").hasLineCount(1);
  }

  @Command
  private record Greedy(Callable<Integer> work) implements Callable<Integer> {
    @Override
    public Integer call() throws Exception {
      return work.call();
    }
  }

  @Test
  void aWatchThatReachesNobodySaysSoAndEnds() {
    CommandRun run =
        CommandRun.of("watch", "a", "--endpoints=127.0.0.1:1", "--command-timeout=500ms");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith("balsa watch: no server listens at 127.0.0.1:1"));
    assertThat(run.err()).containsOnlyOnce("trying again");
  }

  @ParameterizedTest
  @CsvSource({"gte, get", "put a b --leese=1, --lease", "lease garnt 5, grant"})
  void aMistypedWordIsCorrected(String line, String meant) {
    CommandRun run = CommandRun.of(line.split(" "));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("did you mean " + meant + "?");
  }

  @Test
  void aSingleDashBeforeAWordIsTwo() {
    assertThat(GoFlags.doubleDashed("-name", "-data-dir=x", "--name", "-w", "-o=json", "-1", "a"))
        .containsExactly("--name", "--data-dir=x", "--name", "-w", "-o=json", "-1", "a");
  }

  @Test
  void helpAndVersionAreNoSettingsOfTheEnvironment() {
    EnvironmentDefaults defaults =
        new EnvironmentDefaults(
            Map.of("BALSA_VERSION", "1", "BALSA_HELP", "1", "BALSA_ENDPOINTS", "h:7"), Set.of());
    CommandLine commandLine = Main.commandLine().setDefaultValueProvider(defaults);

    ParseResult put = commandLine.parseArgs("put", "a", "b").subcommand();

    assertThat(CommandLine.printHelpIfRequested(put)).isFalse();
    assertThat(put.commandSpec().findOption("--endpoints").<String>getValue()).isEqualTo("h:7");
  }

  @ParameterizedTest
  @CsvSource({
    "verify, true",
    "verify --keep, true",
    "verify --keep=true, true",
    "verify --keep=false, false",
    "verify --keep --keep=false, false"
  })
  void aFlagOnTheCommandLineWinsOverItsVariable(String line, boolean keep) {
    CommandLine program = Main.commandLine();
    List<Boolean> kept = new ArrayList<>();
    program.setExecutionStrategy(
        parsed -> {
          kept.add(parsed.subcommand().commandSpec().findOption("--keep").getValue());
          return 0;
        });

    assertThat(Main.executePlain(program, Map.of("BALSA_KEEP", "true"), line.split(" "))).isZero();
    assertThat(kept).containsExactly(keep);
  }

  @Test
  void anOptionCanStandInTheEnvironment() {
    assertThat(EnvironmentDefaults.variable("--initial-cluster"))
        .isEqualTo("BALSA_INITIAL_CLUSTER");
  }
}
