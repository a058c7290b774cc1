package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.house.SharesCores;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SharesCores
class AuditCommandTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void write() throws Exception {
    file = folder.resolve("audit.log");
    Files.writeString(
        folder.resolve("audit-2026-06-01T11-00-00.000.log"),
        """
        {"seq":1,"time":"2026-06-01T10:00:00Z","user":"bob","identity":"token","method":"KV/DeleteRange",\
        "keys":[{"key":"a","end":"c"}],"result":"OK","revision":7}
        """);
    Files.writeString(
        file,
        """
        {"seq":2,"time":"2026-06-01T12:00:00Z","user":"alice","identity":"token","method":"KV/Put",\
        "keys":[{"key":"b"}],"result":"PERMISSION_DENIED","reason":"etcdserver: permission denied"}
        {"seq":3,"time":"2026-06-01T12:00:01Z","method":"KV/Put","keys":[{"key":"x"}],"result":"OK"}
        {"seq":4,"ti\
        """);
  }

  private CommandRun audit(String... options) {
    String[] words = new String[options.length + 2];
    words[0] = "audit";
    System.arraycopy(options, 0, words, 1, options.length);
    words[words.length - 1] = file.toString();
    return CommandRun.of(words);
  }

  @Test
  void aKeyHasTheRequestsThatNameItInFullFilesToo() {
    CommandRun run = audit("--key=b");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines().skip(1))
        .anySatisfy(line -> assertThat(line).contains("bob", "KV/DeleteRange", "[a, c)", "7"))
        .anySatisfy(line -> assertThat(line).contains("alice", "PERMISSION_DENIED"))
        .hasSize(2);
    assertThat(run.err()).contains("1 lines are no whole records");
  }

  @Test
  void theRequestsOfAUserAndThoseThatFailedAreFound() {
    assertThat(audit("--user=alice").out().lines()).hasSize(2);
    assertThat(audit("--denied").out().lines()).hasSize(2);
    assertThat(audit("--since=2026-06-01T12:00:01Z").out().lines()).hasSize(2);
  }

  @Test
  void badInputIsOneLine() {
    CommandRun time = audit("--since=yesterday");
    assertThat(time.exitCode()).isEqualTo(2);
    assertThat(time.err()).contains("--since: 'yesterday'").hasLineCount(1);
    CommandRun none = CommandRun.of("audit", folder.resolve("none").toString());
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).contains("there is no file").hasLineCount(1);
  }
}
