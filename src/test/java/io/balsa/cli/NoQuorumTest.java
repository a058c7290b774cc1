package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.host.FreePorts;
import io.balsa.server.BalsaServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that ask one server of a cluster of three, whose two others never start. */
class NoQuorumTest {
  private static final Path FOLDER = Path.of("target", "no-quorum-test");

  private static BalsaServer alone;
  private static String address;

  @BeforeAll
  static void start() throws Exception {
    TestFolders.delete(FOLDER);
    List<Integer> ports = FreePorts.choose(3);
    String own = "http://127.0.0.1:" + ports.get(0);
    alone =
        BalsaServer.start(
            OnLoopback.settings(
                FOLDER.resolve("data"),
                "--name=a",
                "--listen-peer-urls=" + own,
                "--initial-advertise-peer-urls=" + own,
                "--initial-cluster=a=%s,b=http://127.0.0.1:%d,c=http://127.0.0.1:%d"
                    .formatted(own, ports.get(1), ports.get(2))));
    address = "127.0.0.1:" + alone.clientAddress().getPort();
  }

  @AfterAll
  static void stop() throws Exception {
    alone.close();
    TestFolders.delete(FOLDER);
  }

  private static CommandRun run(String line) {
    List<String> words = new ArrayList<>(List.of(line.split(" ")));
    words.add("--endpoints=" + address);
    return CommandRun.of(words.toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"put k v", "get k", "get k --prefix", "member list", "lock l true"})
  void oneLineSaysThatAQuorumMayBeMissing(String line) {
    long begin = System.nanoTime();
    CommandRun run = run(line + " --command-timeout=300ms");

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines())
        .singleElement()
        .asString()
        .startsWith("balsa ")
        .contains(
            "no answer from " + address + " within 300ms",
            "a quorum may be missing",
            "'balsa status'",
            "--command-timeout")
        .doesNotContain("io.grpc", "UNAVAILABLE", "DEADLINE_EXCEEDED", "xception");
  }

  @Test
  void aWriteSaysThatItMayHaveBeenPerformed() {
    String performed = "the request may have been performed";

    assertThat(run("put k v --command-timeout=300ms").err()).contains(performed);
    assertThat(run("get k --command-timeout=300ms").err()).doesNotContain(performed);
  }

  /** What the line sends the user to. */
  @Test
  void theStatusSaysThatThereIsNoLeader() {
    CommandRun run = run("status --command-timeout=2s");

    assertThat(run.out()).contains("no leader");
    assertThat(run.err().strip()).isEqualTo(address + ": etcdserver: no leader");
  }
}
