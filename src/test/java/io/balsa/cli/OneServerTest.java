package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.attack.AttackData;
import io.balsa.bytes.HostPort;
import io.balsa.house.SharesCores;
import io.balsa.server.BalsaServer;
import io.balsa.server.ServerFailure;
import io.balsa.server.ServerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The commands against one real server in this process. */
@SharesCores
class OneServerTest {
  private static final Path FOLDER = Path.of("target", "one-server-test");

  private BalsaServer server;
  private String endpoint;

  @BeforeEach
  void start() throws IOException, ServerFailure {
    TestFolders.delete(FOLDER);
    server = BalsaServer.start(settings());
    endpoint = OnLoopback.endpoint(server);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    TestFolders.delete(FOLDER);
  }

  private static ServerSettings settings() {
    return OnLoopback.settings(FOLDER.resolve("data"));
  }

  @Test
  void keysComeAndGo() {
    assertThat(CommandRun.of("put", "a", "1", endpoint).out()).isEqualTo("OK\n");
    assertThat(CommandRun.of("put", "b", "2", endpoint).exitCode()).isZero();
    assertThat(CommandRun.of("get", "a", endpoint).out()).isEqualTo("a\n1\n");
    assertThat(CommandRun.of("get", "", "--prefix", "--count-only", endpoint).out())
        .isEqualTo("2\n");
    assertThat(CommandRun.of("get", "a", "-w", "json", endpoint).out())
        .contains("\"key\":\"YQ==\"", "\"value\":\"MQ==\"", "\"count\":1");
    assertThat(CommandRun.of("get", "a", "-w", "table", endpoint).out()).contains("created");
    assertThat(CommandRun.of("del", "a", "--prev-kv", endpoint).out()).isEqualTo("1\na\n1\n");
    assertThat(CommandRun.of("get", "a", endpoint).out()).isEmpty();
    assertThat(CommandRun.of("compact", "3", endpoint).out()).isEqualTo("compacted revision 3\n");
    CommandRun late = CommandRun.of("compact", "3", endpoint);
    assertThat(late.exitCode()).isEqualTo(1);
    assertThat(late.err())
        .isEqualTo("balsa compaction: etcdserver: mvcc: required revision has been compacted\n");
  }

  @Test
  void aRangeIsPrintedInParts() {
    new AttackData(2_500, 0).fill(HostPort.parse(endpoint.substring("--endpoints=".length())));

    assertThat(
            CommandRun.of("get", "abuse/small/", "--prefix", "--keys-only", endpoint).out().lines())
        .filteredOn(line -> !line.isEmpty())
        .hasSize(2_500)
        .isSorted();
    assertThat(
            CommandRun.of("get", "abuse/small/", "--prefix", "--limit=1234", endpoint)
                .out()
                .lines())
        .hasSize(2 * 1_234);
    CommandRun.of("put", "abuse/small/00000007", "late", endpoint);
    assertThat(
            CommandRun.of(
                    "get",
                    "abuse/small/",
                    "abuse/small/00000009",
                    "--rev=21",
                    "--print-value-only",
                    endpoint)
                .out()
                .lines())
        .hasSize(9)
        .doesNotContain("late");
  }

  @Test
  void theStatusIsATable() {
    CommandRun.of("put", "a", "1", endpoint);

    CommandRun run = CommandRun.of("status", endpoint);

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("default", "leader");
    CommandRun down = CommandRun.of("status", endpoint + ",127.0.0.1:1");
    assertThat(down.exitCode()).isEqualTo(1);
    assertThat(down.out()).contains("leader", "down");
    assertThat(down.err()).contains("127.0.0.1:1");
  }

  @Test
  void aBenchMeasuresAClosedLoop() {
    String[] kinds = {"put", "get", "mixed", "txn"};
    for (String kind : kinds) {
      CommandRun run =
          CommandRun.of(
              "bench",
              kind,
              endpoint,
              "--clients=4",
              "--seconds=1",
              "--warm-up=0",
              "--keys=10",
              "-o",
              "json");
      assertThat(run.exitCode()).as(kind + run.err()).isZero();
      assertThat(run.out())
          .contains("\"loop\":\"closed\"", "\"what\":\"" + kind + "\"", "\"failures\":0");
    }
    assertThat(CommandRun.of("bench", endpoint, "--seconds=1", "--warm-up=0", "--clients=2").out())
        .contains("p99", "closed loop: 2 clients on 2 connections");
  }

  @Test
  void aBenchOfWatchesTellsHowManyEventsComeAndHowSoon() {
    String[] watch = {"bench", "watch", endpoint, "--watchers=50", "--seconds=1", "--warm-up=0"};

    CommandRun one = CommandRun.of(with(watch, "--pids=" + ProcessHandle.current().pid()));

    assertThat(one.exitCode()).as(one.err()).isZero();
    assertThat(one.out()).contains("50 of one prefix", "5000", "p99");
    assertThat(CommandRun.of(with(watch, "--own-keys", "-o", "json")).out())
        .contains("\"ownKeys\":true", "\"expectedPerSecond\":100,", "\"putsFailed\":0");
  }

  @Test
  void aWatcherThatDoesNotReadForAWhileIsToldAllAfterwards() {
    CommandRun run =
        CommandRun.of(
            "bench",
            "watch",
            endpoint,
            "--watchers=2",
            "--rate=4000",
            "--value-size=2048",
            "--seconds=2",
            "--warm-up=0",
            "--stall");

    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    assertThat(run.out()).containsPattern("the stalled watcher: received all \\d{3,} events");
  }

  private static String[] with(String[] words, String... more) {
    return Stream.concat(Arrays.stream(words), Arrays.stream(more)).toArray(String[]::new);
  }

  @Test
  void aDataDirectoryIsForOneServer() {
    assertThatThrownBy(() -> BalsaServer.start(settings()))
        .isInstanceOf(ServerFailure.class)
        .hasMessageContaining("in use");
  }

  @Test
  void aPortIsForOneServer() {
    String taken = "http://127.0.0.1:" + server.clientAddress().getPort();
    ServerSettings settings =
        OnLoopback.settings(FOLDER.resolve("other"), "--listen-client-urls=" + taken);

    assertThatThrownBy(() -> BalsaServer.start(settings))
        .isInstanceOf(ServerFailure.class)
        .hasMessageContaining("cannot listen for clients on 127.0.0.1:");
    assertThat(FOLDER.resolve("other/wal")).doesNotExist();
  }
}
