package io.balsa.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.house.SharesCores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SharesCores
class EmbeddingExampleTest {
  @TempDir Path root;

  @Test
  void theDocumentShowsThisExample() throws IOException {
    String source =
        Files.readString(Path.of("src/test/java/io/balsa/server/EmbeddingExample.java"));
    String shown = source.substring(source.indexOf("  public static void main"));
    String method = shown.substring(0, shown.lastIndexOf("}")).stripTrailing().stripIndent();

    assertThat(Path.of("docs", "embedding.md")).content().contains("```java\n" + method + "\n```");
  }

  /** A thread left behind would keep the process alive. The next start uses RocksDB's library. */
  @Test
  void itsProcessEndsByItselfAndLeavesOneLibrary() throws Exception {
    Path temporary = Files.createDirectory(root.resolve("tmp"));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                EmbeddingExample.class.getName(),
                root.resolve("data").toString())
            .redirectErrorStream(true)
            .start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(said).isTrue();
      assertThat(process.exitValue()).as(said).isZero();
      assertThat(said).contains("written at revision 2");
    } finally {
      process.destroyForcibly();
    }
    try (Stream<Path> left = Files.walk(temporary)) {
      assertThat(left.filter(Files::isRegularFile)).singleElement().asString().contains("rocksdb");
    }
  }
}
