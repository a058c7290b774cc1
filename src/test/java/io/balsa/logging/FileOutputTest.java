package io.balsa.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileOutputTest {
  @TempDir private Path folder;

  private static LogSettings.Rotation rotation(int days, int backups, boolean compress) {
    return new LogSettings.Rotation(1, days, backups, false, compress);
  }

  private static void write(FileOutput to, String line) throws IOException {
    to.write(Level.INFO, line.getBytes(UTF_8));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void onlyItsOwnerMayReadIt() throws IOException {
    Path file = folder.resolve("etcd.log");
    write(new FileOutput(file, null), "one\n");
    write(new FileOutput(file, null), "two\n");

    assertThat(file).hasContent("one\ntwo");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void aFullFileIsRenamedAndANewOneBegins() throws IOException {
    FileOutput output = new FileOutput(folder.resolve("etcd.log"), rotation(0, 0, false));
    write(output, "x".repeat(1 << 20));
    write(output, "next\n");

    assertThat(folder.resolve("etcd.log")).hasContent("next");
    assertThat(names())
        .hasSize(2)
        .first()
        .asString()
        .matches("etcd-\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\d\\.\\d{3}\\.log");
  }

  @Test
  void oldFilesAreCompressedAndDeleted() throws IOException {
    Path file = folder.resolve("etcd.log");
    for (int day = 1; day <= 4; day++) {
      Path old = folder.resolve("etcd-2026-11-0" + day + "T00-00-00.000.log");
      Files.writeString(old, "day " + day);
    }
    Files.writeString(folder.resolve("etcd-notes.log"), "not ours");
    Path aged = folder.resolve("etcd-2026-11-03T00-00-00.000.log");
    Files.setLastModifiedTime(aged, FileTime.from(Instant.now().minus(Duration.ofDays(9))));

    new OldFiles(file, rotation(7, 3, true)).tidyNow();

    assertThat(names())
        .containsExactly(
            "etcd-2026-11-02T00-00-00.000.log.gz",
            "etcd-2026-11-04T00-00-00.000.log.gz",
            "etcd-notes.log");
    try (InputStream whole =
        new GZIPInputStream(
            Files.newInputStream(folder.resolve("etcd-2026-11-04T00-00-00.000.log.gz")))) {
      assertThat(new String(whole.readAllBytes(), UTF_8)).isEqualTo("day 4");
    }
  }

  /** A folder in the place of a file cannot be compressed; the deletions happen all the same. */
  @Test
  void aFileThatCannotBeCompressedKeepsNoOldOnes() throws IOException {
    Files.createDirectory(folder.resolve("etcd-2026-11-03T00-00-00.000.log"));
    Files.writeString(folder.resolve("etcd-2026-11-02T00-00-00.000.log"), "compressed");
    Files.writeString(folder.resolve("etcd-2026-11-01T00-00-00.000.log"), "deleted");

    new OldFiles(folder.resolve("etcd.log"), rotation(0, 2, true)).tidyNow();

    assertThat(names())
        .containsExactly("etcd-2026-11-02T00-00-00.000.log.gz", "etcd-2026-11-03T00-00-00.000.log");
  }

  /**
   * The path is a folder by now, so the open file can neither be renamed to a file nor replaced.
   */
  @Test
  void aFileThatCannotBeRotatedGrows() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Path file = inner.resolve("etcd.log");
    long[] now = {0};
    FileOutput output = new FileOutput(file, rotation(0, 0, false), () -> now[0]);
    write(output, "x".repeat(1 << 20));
    Path kept = folder.resolve("kept");
    Files.move(file, kept);
    Files.delete(inner);
    write(output, "one\n");
    now[0] = 59_000_000_000L;
    write(output, "two\n");
    assertThat(Files.readString(kept)).endsWith("xone\ntwo\n");

    Files.createDirectory(inner);
    now[0] = 61_000_000_000L;
    write(output, "three\n");
    assertThat(file).hasContent("three");
  }

  @Test
  void behindALinkTheFileIsRotated() throws IOException {
    Path real = Files.createDirectory(folder.resolve("real")).resolve("file.log");
    Path link = Files.createSymbolicLink(folder.resolve("etcd.log"), real);
    FileOutput output = new FileOutput(link, rotation(0, 0, false));
    write(output, "x".repeat(1 << 20));
    write(output, "next\n");
    assertThat(link).isSymbolicLink().hasContent("next");
    assertThat(names()).containsExactly("etcd.log", "real");
    assertThat(real.getParent()).isDirectoryContaining("glob:**file-*.log");
  }

  @Test
  void aDeviceIsNotRotated() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("etcd.log"), Path.of("/dev/null"));
    FileOutput output = new FileOutput(link, rotation(0, 0, false));
    write(output, "x".repeat(1 << 20));
    write(output, "next\n");
    assertThat(link).isSymbolicLink();
    assertThat(names()).containsExactly("etcd.log");
  }

  /** A line that is lost must be counted, so the failure must be seen. */
  @Test
  void aStreamThatTakesNoLineSaysSo() throws IOException {
    try (OutputStream full = Files.newOutputStream(Path.of("/dev/full"))) {
      StreamOutput output = new StreamOutput("stderr", full, true);
      assertThatThrownBy(() -> output.write(Level.INFO, "line\n".getBytes(UTF_8)))
          .hasMessageContaining("No space");
    }
  }

  /** As logrotate without copytruncate does. */
  @Test
  void aFileThatIsMovedAwayBeginsAnew() throws IOException {
    Path file = folder.resolve("etcd.log");
    long[] now = {0};
    FileOutput output = new FileOutput(file, null, () -> now[0]);
    write(output, "one\n");
    Files.move(file, folder.resolve("etcd.log.1"));
    now[0] = 2_000_000_000L;
    write(output, "two\n");

    assertThat(file).hasContent("two");
    assertThat(folder.resolve("etcd.log.1")).hasContent("one");
  }

  @Test
  void anOutputThatCannotBeHadIsNamed() {
    LogSettings settings =
        new LogSettings(
            LogSettings.Level.INFO,
            LogSettings.Format.TEXT,
            List.of(folder.resolve("none/etcd.log").toString()),
            Optional.empty());
    assertThatThrownBy(() -> Logs.setUp(settings, null))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("none/etcd.log", "there is no such folder");
  }
}
