package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.server.BalsaServer;
import io.balsa.server.ServerFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands for operators, where they differ from etcdctl's or fail. One server, which stays. */
class OperatorCommandsTest {
  private static final Path FOLDER = Path.of("target", "operator-commands-test");
  private static final String NOBODY = "127.0.0.1:1";

  private static BalsaServer server;
  private static String endpoint;

  @BeforeAll
  static void start() throws IOException, ServerFailure {
    TestFolders.delete(FOLDER);
    server = BalsaServer.start(OnLoopback.options(FOLDER).settings().build());
    endpoint = OnLoopback.endpoint(server);
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
    TestFolders.delete(FOLDER);
  }

  private static CommandRun run(String... words) {
    return CommandRun.of(
        Stream.concat(Stream.of(words), Stream.of(endpoint)).toArray(String[]::new));
  }

  private static CommandRun runWithOneDown(String... words) {
    return CommandRun.of(
        Stream.concat(Stream.of(words), Stream.of(endpoint + "," + NOBODY)).toArray(String[]::new));
  }

  @Test
  void anUnhealthyServerIsNamed() {
    CommandRun run = runWithOneDown("endpoint", "health");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).matches("127.0.0.1:\\d+ is healthy: successfully committed .*\\n");
    assertThat(run.err().lines())
        .containsExactly(
            NOBODY
                + " is unhealthy: failed to commit proposal: no server listens at 127.0.0.1:1;"
                + " start it, or give the right --endpoints",
            "Error: unhealthy cluster");
    CommandRun json = runWithOneDown("endpoint", "health", "-w", "json");
    assertThat(json.out()).contains("\"health\":true,", "\"health\":false,", "\"error\":\"no ser");
    assertThat(json.err()).isEqualTo("Error: unhealthy cluster\n");
    assertThat(runWithOneDown("endpoint", "health", "-w", "table").out()).contains("false");
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "hashkv"})
  void aServerThatDoesNotAnswerIsNamedBesideTheOthers(String command) {
    CommandRun run = runWithOneDown("endpoint", command);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out().lines()).hasSize(1);
    assertThat(run.err())
        .matches("Failed to get the (status|hash) of endpoint 127.0.0.1:1 \\(no server .*\\)\\n");
    assertThat(run("endpoint", command, "-w", "table").out()).contains("endpoint ");
  }

  @Test
  void anOptionThatIsNotSupportedIsRefusedAlsoWhereServersAreAskedOneByOne() {
    for (String command : new String[] {"health", "status", "hashkv"}) {
      assertThat(run("endpoint", command, "--cacert=ca.pem").err()).contains("--cacert: TLS is");
    }
    assertThat(run("status", "--cacert=ca.pem").exitCode()).isEqualTo(2);
  }

  @Test
  void aMemberIsATable() {
    assertThat(run("member", "list", "-w", "table").out())
        .contains("client addrs")
        .contains("started", "default");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "member add d --peer-urls=http://127.0.0.1:1",
        "member remove 1",
        "member update 1 --peer-urls=http://127.0.0.1:1",
        "member promote 1"
      })
  void aChangeOfMembersIsAnsweredInALine(String line) {
    CommandRun run = run(line.split(" "));

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).contains("does not know this request");
  }
}
