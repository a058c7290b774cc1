package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.house.SharesCores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Three real servers, watched while they are broken. */
@SharesCores
@Order(1)
@ResourceLock(SharesCores.CLUSTER_PORTS)
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class VerifyRunTest {
  private static final Path FOLDER = Path.of("target", "verify-run-test");

  private static CommandRun verify(String out, String... more) {
    String[] words = new String[more.length + 3];
    words[0] = "verify";
    words[1] = "--seconds=3";
    words[2] = "--out=" + FOLDER.resolve(out);
    System.arraycopy(more, 0, words, 3, more.length);
    return CommandRun.of(words);
  }

  @Test
  void watchersOfBrokenServersAreToldAllAndUsersWhatTheyMayKnow() throws IOException {
    CommandRun run = verify("whole", "--tls", "--auth");

    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    assertThat(run.out())
        .containsPattern("watches: 8 watchers, [1-9][0-9,]* events in [1-9][0-9]* streams");
    assertThat(run.out()).contains("the nine guarantees hold");
    assertThat(run.out())
        .containsPattern("users: [1-9][0-9]* changes of rights, [1-9][0-9]* answers and [1-9]")
        .contains("no answer that its user may not have had");
    assertThat(Files.readString(FOLDER.resolve("whole").resolve("watches.txt")))
        .contains("the nine guarantees hold", "from revision", "with values before");
    assertThat(FOLDER.resolve("whole"))
        .isDirectoryContaining("glob:**/timeline.html")
        .isDirectoryNotContaining("glob:**/data");
  }

  @Test
  void serversThatTearARevisionApartAreRefuted() {
    CommandRun run =
        verify(
            "torn",
            "--faults=none",
            "--mutant=src/test/mutants/revision-torn.mutant",
            "--sources=.");

    assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(1);
    assertThat(run.out()).contains("linearizable: one order", "BROKEN", "atomic broken in");
    assertThat(FOLDER.resolve("torn").resolve("data")).isNotEmptyDirectory();
    assertThat(run.out()).contains("data and logs of the servers: ");
    assertThat(run.out() + run.err()).doesNotContain("Exception", "\tat ");
  }
}
