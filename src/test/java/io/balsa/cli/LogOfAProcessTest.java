package io.balsa.cli;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.host.FreePorts;
import io.balsa.house.SharesCores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The first and last log lines of a server that never finds a quorum. */
@SharesCores
class LogOfAProcessTest {
  private static final Path FOLDER = Path.of("target", "log-of-a-process");

  @AfterEach
  void delete() throws IOException {
    TestFolders.delete(FOLDER);
  }

  @Test
  void itSaysWhatStartsWithWhichSettingsAndThatItEndsAsAsked() throws Exception {
    String own = "http://127.0.0.1:" + FreePorts.choose(1).getFirst();
    String cluster = "a=" + own + ",b=http://127.0.0.1:1,c=http://127.0.0.1:2";
    try (ServerProcess server =
        ServerProcess.start(
            "export BALSA_QUOTA_BACKEND_BYTES=123456789;",
            FOLDER,
            "--name=a",
            "--listen-peer-urls=" + own,
            "--initial-cluster=" + cluster)) {
      server.await("listening for clients");
      List<String> lines = List.copyOf(server.lines());
      assertThat(lines.get(0))
          .contains(" INFO starting what=server version=" + ProgramVersion.version() + " java=")
          .containsPattern(" os=.* arch=.* pid=\\d+ processors=\\d+ heap-max-mib=\\d+$");
      assertThat(lines.get(1))
          .contains(" INFO settings in force ", " name=a ", " initial-cluster=\"" + cluster + "\"")
          .contains(" quota-backend-bytes=123456789 ")
          .contains(" given-otherwise=BALSA_QUOTA_BACKEND_BYTES");
      server.terminate();
      assertThat(server.exitCode()).isZero();
      until(
          () -> "the last line: " + server.lines(),
          () -> server.lines().stream().anyMatch(line -> line.endsWith(" INFO stopped")));
      assertThat(server.lines()).noneMatch(line -> line.contains("damaged"));
    }
  }
}
