package io.balsa.cli;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.house.SharesCores;
import io.balsa.processes.Launch;
import io.balsa.server.BalsaServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Commands as processes that a signal ends, as Ctrl+C does. */
@SharesCores
@Timeout(60)
class InterruptedCommandTest {
  private static final Path FOLDER = Path.of("target", "interrupted-command-test");
  private static BalsaServer server;

  @BeforeAll
  static void start() throws Exception {
    TestFolders.delete(FOLDER);
    server = BalsaServer.start(OnLoopback.settings(FOLDER.resolve("data")));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    TestFolders.delete(FOLDER);
  }

  private static Process running(String... words) throws Exception {
    List<String> line = new ArrayList<>(Launch.ofThisProcess().command());
    line.addAll(List.of(words));
    Path out = FOLDER.resolve("out");
    return new ProcessBuilder(line)
        .redirectOutput(out.toFile())
        .redirectError(FOLDER.resolve("err").toFile())
        .start();
  }

  private static int endBy(String signal, Process process) throws Exception {
    new ProcessBuilder("kill", signal, String.valueOf(process.pid())).start().waitFor();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private static long keys(String prefix) {
    CommandRun run =
        CommandRun.of("get", prefix, "--prefix", "--keys-only", OnLoopback.endpoint(server));
    return run.out().lines().filter(line -> !line.isEmpty()).count();
  }

  @Test
  void anInterruptedLockIsReleased() throws Exception {
    Process lock = running("lock", "l", "--command-timeout=40s", OnLoopback.endpoint(server));
    until(() -> keys("l/") == 1 && Files.size(FOLDER.resolve("out")) > 0);

    assertThat(endBy("-INT", lock)).isEqualTo(130);

    assertThat(keys("l/")).isZero();
    assertThat(FOLDER.resolve("err")).isEmptyFile();
  }

  @Test
  void anInterruptedWatchEndsWithoutAWord() throws Exception {
    Process watch = running("watch", "w", "--command-timeout=40s", OnLoopback.endpoint(server));
    until(
        () -> {
          CommandRun.of("put", "w", "1", OnLoopback.endpoint(server));
          return Files.size(FOLDER.resolve("out")) > 0;
        });

    assertThat(endBy("-INT", watch)).isEqualTo(130);

    assertThat(FOLDER.resolve("err")).isEmptyFile();
  }

  @Test
  void aWatchThatReachesNoServerInTimeEnds() {
    CommandRun run =
        CommandRun.of("watch", "w", "--endpoints=127.0.0.1:1", "--command-timeout=300ms");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith("balsa watch: no server listens at 127.0.0.1:1");
  }
}
