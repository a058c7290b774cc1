package io.balsa.cli;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.house.SharesCores;
import io.balsa.processes.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A start of the playground that the user gives up. */
@SharesCores
@Order(1)
@ResourceLock(SharesCores.CLUSTER_PORTS)
@Timeout(60)
class PlaygroundStartTest {
  private static final Path FOLDER = Path.of("target", "playground-start-test").toAbsolutePath();
  private static final Path PIDS = FOLDER.resolve("data/pids");

  @BeforeEach
  void make() throws IOException {
    clear();
    Files.createDirectories(FOLDER);
  }

  @AfterEach
  void clear() throws IOException {
    TestFolders.delete(FOLDER);
  }

  /** Waits until three servers and a proxy are started. */
  private static List<ProcessHandle> started() throws Exception {
    until(() -> Files.exists(PIDS) && Files.readAllLines(PIDS).size() == 4);
    List<ProcessHandle> started = new ArrayList<>();
    for (String pid : Files.readAllLines(PIDS)) {
      ProcessHandle.of(Long.parseLong(pid)).ifPresent(started::add);
    }
    assertThat(started).hasSize(4);
    return started;
  }

  private static void awaitEnd(List<ProcessHandle> processes) {
    for (ProcessHandle process : processes) {
      process.onExit().orTimeout(20, TimeUnit.SECONDS).join();
    }
  }

  @Test
  void atATerminalCtrlCEndsIt() throws Exception {
    try (PseudoTerminal terminal =
        PseudoTerminal.ofProgram("", "playground", "--data-dir=" + PIDS.getParent())) {
      List<ProcessHandle> servers = started();
      terminal.type(PseudoTerminal.INTERRUPT);

      assertThat(terminal.exitCode()).as(terminal.screen()).isEqualTo(130);
      assertThat(terminal.screen())
          .contains("Ctrl+C gives up")
          .doesNotContain("xception", "\tat ", "Or type here");
      awaitEnd(servers);
    }
  }

  @Test
  void withoutATerminalASignalEndsIt() throws Exception {
    List<String> line = new ArrayList<>(Launch.ofThisProcess().command());
    line.addAll(List.of("playground", "--data-dir=" + PIDS.getParent()));
    Path out = FOLDER.resolve("out");
    Process process =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    List<ProcessHandle> servers = started();
    new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();

    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(out).content().contains("starting three").doesNotContain("xception", "\tat ");
    awaitEnd(servers);
  }
}
