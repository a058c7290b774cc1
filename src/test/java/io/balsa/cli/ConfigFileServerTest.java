package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.house.SharesCores;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server in a process of its own that a variable sends to etcd's sample file. */
@SharesCores
class ConfigFileServerTest {
  private static final Path SAMPLE =
      Path.of("src/test/resources/io/balsa/cli/settings/etcd.conf.yml");
  private static final Pattern CLIENTS =
      Pattern.compile("listening for clients .*clients=http://([^, ]+)");

  @TempDir private Path folder;

  @Test
  void theSampleStartsAServerAndTheLogNamesTheRealPort() throws Exception {
    Path file = folder.resolve("etcd.yml");
    Files.writeString(
        file,
        Files.readString(SAMPLE)
            .replaceAll("localhost:23(79|80)", "127.0.0.1:0")
            .replace("data-dir:", "data-dir: " + folder.resolve("data")));

    try (ServerProcess server =
        ServerProcess.start("export ETCD_CONFIG_FILE=" + file + ";", folder.resolve("other"))) {
      server.await("ready to serve");
      String log = String.join("\n", server.lines());
      assertThat(log)
          .contains(
              "config-file=" + file,
              "--data-dir is ignored: with ETCD_CONFIG_FILE nothing else counts",
              "enable-pprof=true is ignored: ");
      assertThat(folder.resolve("other")).doesNotExist();
      Matcher ready = CLIENTS.matcher(log);
      assertThat(ready.find()).isTrue();
      String endpoint = "--endpoints=" + ready.group(1);
      assertThat(CommandRun.of("put", "a", "1", endpoint).out()).isEqualTo("OK\n");
    }
  }
}
