package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.HostPort;
import io.balsa.client.EtcdCalls;
import io.balsa.client.RequestFailed;
import io.balsa.forms.RawText;
import io.balsa.house.SharesCores;
import io.balsa.proto.etcdserverpb.AlarmRequest;
import io.balsa.proto.etcdserverpb.AlarmType;
import io.balsa.server.BalsaServer;
import io.balsa.server.ServerFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Commands for operators, where they differ from etcdctl's or fail. One server, which stays. */
@SharesCores
class OperatorCommandsTest {
  private static final Path FOLDER = Path.of("target", "operator-commands-test");
  private static final String NOBODY = "127.0.0.1:1";

  private static BalsaServer server;
  private static String endpoint;

  @BeforeAll
  static void start() throws IOException, ServerFailure {
    TestFolders.delete(FOLDER);
    server = BalsaServer.start(OnLoopback.settings(FOLDER));
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
                + " is unhealthy: failed to commit proposal: no server listens there;"
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
    for (String command :
        List.of(
            "endpoint health", "endpoint status", "endpoint hashkv", "move-leader 1", "defrag")) {
      List<String> words = List.of(command.split(" "));
      assertRefused(words, "--cacert=nowhere.pem", "nowhere.pem: there is no such file");
      assertRefused(words, "--dial-timeout=soon", "--dial-timeout: 'soon'");
      assertRefused(words, "--command-timeout=soon", "--command-timeout: 'soon'");
    }
    assertRefused(List.of("status"), "--cert=c.pem", "--cert: give --key too");
  }

  private static void assertRefused(List<String> command, String option, String why) {
    List<String> words = new ArrayList<>(command);
    words.add(option);
    CommandRun run = run(words.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).contains(why).hasLineCount(1).doesNotContain("Exception");
  }

  @ParameterizedTest
  @CsvSource({"--hex=true, 6b", "--hex, 6b", "--debug=false, 6b", "--hex=false, k"})
  void aFlagWinsOverItsVariable(String flag, String key) {
    run("put", "k", "");
    StringWriter out = new StringWriter();
    CommandLine program = CommandRun.program().setOut(new PrintWriter(out));

    int exitCode =
        Main.executePlain(
            program, Map.of("BALSA_HEX", "true"), "get", "k", "--keys-only", flag, endpoint);

    assertThat(exitCode).isZero();
    assertThat(out.toString().strip()).endsWith(key);
    run("del", "k");
  }

  @Test
  void anAlarmIsShownAndCleared() throws RequestFailed {
    HostPort address = HostPort.parse(endpoint.substring("--endpoints=".length()));
    try (EtcdCalls calls = EtcdCalls.open(List.of(address), Duration.ofSeconds(5))) {
      var _ =
          EtcdCalls.await(
              calls.alarm(
                  AlarmRequest.newBuilder()
                      .setAction(AlarmRequest.AlarmAction.ACTIVATE)
                      .setMemberID(0xabcL)
                      .setAlarm(AlarmType.CORRUPT)
                      .build()));
    }

    assertThat(run("alarm", "list").out()).isEqualTo("memberID:2748 alarm:CORRUPT\n");
    assertThat(run("alarm", "list", "-w", "fields").out())
        .endsWith("\"MemberID\" : 2748\n\"AlarmType\" : CORRUPT\n\n");
    assertThat(run("alarm", "list", "-w", "table").out()).contains("abc").contains("CORRUPT");
    CommandRun health = run("endpoint", "health");
    assertThat(health.exitCode()).isEqualTo(1);
    assertThat(health.err()).contains("failed to commit proposal: Active Alarm(s): CORRUPT \n");
    assertThat(run("alarm", "disarm", "-w", "json").out())
        .isEqualTo("{\"alarms\":[{\"memberID\":2748,\"alarm\":2}]}\n");
    assertThat(run("alarm", "list").out()).isEmpty();
    assertThat(run("endpoint", "health").exitCode()).isZero();
  }

  @Test
  void theLeaderIsAskedToHandOver() {
    String id = run("member", "list").out().split(",", 2)[0];

    assertThat(run("move-leader", id).out())
        .isEqualTo("Leadership transferred from " + id + " to " + id + "\n");
    CommandRun none = CommandRun.of("move-leader", id, "--endpoints=" + NOBODY);
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err())
        .startsWith("balsa move-leader: no leader endpoint given at [127.0.0.1:1]: no server");
  }

  @Test
  void aServerThatCannotDefragmentIsNamed() {
    CommandRun run = runWithOneDown("defrag");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).matches("Finished defragmenting etcd member\\[127.*]. took .*s\\n");
    assertThat(run.err())
        .matches(
            "Failed to defragment etcd member\\[127.0.0.1:1]. took .*s. \\(no server .*\\)\\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"downgrade validate 3.6.0", "downgrade enable 3.6.0", "downgrade cancel"})
  void aCommandWithoutAFeatureIsRefusedByName(String line) {
    CommandRun run = run(line.split(" "));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .matches("balsa " + line.replaceFirst("^(\\S+ ?\\S*).*", "$1") + ": .*; nothing was .*\\n")
        .contains("one format");
  }

  @Test
  void aCheckPutsItsLoadAndLeavesNothing() {
    String raw = "--prefix=" + RawText.ofByte((byte) 0xff);
    run("put", "?", "what a byte that is no text must not become");
    CommandRun perf = run("check", "perf", "--seconds=1", "--auto-compact", "--auto-defrag", raw);

    assertThat(perf.err()).isEmpty();
    assertThat(perf.out().lines()).first().asString().matches("Compacting with revision \\d+");
    assertThat(perf.out())
        .containsPattern("(PASS: Throughput is|FAIL: Throughput too low:) \\d+ writes/s");
    assertThat(perf.out().lines()).last().asString().matches("PASS|FAIL");
    assertThat(run("get", "", "--prefix", "--keys-only").out()).isEqualTo("?\n\n");
    assertThat(run("del", "?").out()).isEqualTo("1\n");
    CommandRun scale = run("check", "datascale");
    assertThat(scale.err()).isEmpty();
    assertThat(scale.out())
        .startsWith("Start data scale check for work load [10000 key-value pairs, 1024 bytes")
        .containsPattern("PASS: Approximate system memory used : -?\\d+\\.\\d\\d MB.\n");
    assertThat(run("get", "/etcdctl-check", "--prefix", "--count-only", "-w", "fields").out())
        .contains("\"Count\" : 0");
  }

  /** The first endpoint answers one request for its metrics, and listens no more then. */
  @Test
  void aCheckThatFailsAfterItsLoadLeavesNothing() throws IOException {
    try (ServerSocket metrics = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.ofPlatform().daemon().start(() -> answerOnce(metrics));
      String first = "127.0.0.1:" + metrics.getLocalPort();

      CommandRun run =
          CommandRun.of(
              "check",
              "datascale",
              "--keys=20",
              "--endpoints=" + first + "," + endpoint.substring("--endpoints=".length()));

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.out()).startsWith("Start data scale check for work load [20 key-value pairs");
      assertThat(metrics.isClosed()).isTrue();
      assertThat(run("get", "/etcdctl-check", "--prefix", "--keys-only").out()).isEmpty();
    }
  }

  private static void answerOnce(ServerSocket metrics) {
    try {
      while (!metrics.isClosed()) {
        try (Socket client = metrics.accept()) {
          byte[] begin = client.getInputStream().readNBytes(4);
          if (new String(begin, StandardCharsets.US_ASCII).equals("GET ")) {
            metrics.close();
            client
                .getOutputStream()
                .write(
                    "HTTP/1.0 200 OK\r\n\r\nprocess_resident_memory_bytes 1\n"
                        .getBytes(StandardCharsets.US_ASCII));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aCheckSparesKeysThatAreThere() {
    run("put", "/etcdctl-check-perf/mine", "1");
    run("put", RawText.ofByte((byte) 0xff) + "mine", "1");

    CommandRun refused = run("check", "perf", "--seconds=1");

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("prefix \"/etcdctl-check-perf/\" has keys");
    String raw = "--prefix=" + RawText.ofByte((byte) 0xff);
    assertThat(run("check", "perf", "--seconds=1", raw).exitCode()).isEqualTo(2);
    assertThat(run("del", RawText.ofByte((byte) 0xff) + "mine").out()).isEqualTo("1\n");
    assertThat(run("del", "/etcdctl-check-perf/mine").out()).isEqualTo("1\n");
    assertThat(run("check", "perf", "--load=huge").err()).contains("--load: 'huge' is unknown");
  }

  @Test
  void theVersionNamesProgramAndApi() {
    assertThat(CommandRun.of("version").out())
        .matches("balsa version: \\S+\\nAPI version: (\\d+\\.\\d+)\\n");
    String api = CommandRun.of("version").out().lines().toList().getLast().split(": ", 2)[1];
    assertThat(run("endpoint", "status").out().split(", ", -1)[2]).startsWith(api + ".");
  }

  @Test
  void theGlobalOptionsAreListed() {
    assertThat(CommandRun.of("options").out())
        .contains("--endpoints", "--keepalive-time", "--cacert", "--hex");
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
    assertThat(run.err()).contains(": balsa: changes of the membership are not built yet");
  }
}
