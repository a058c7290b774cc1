package io.balsa.cli;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.balsa.house.SharesCores;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server on a small file system of its own; skipped where the user may not mount one. */
@SharesCores
class FullDiskTest {
  private static final Path DISK = Path.of("target", "full-disk-test").toAbsolutePath();
  private static final String MARK = "--disk-reserve-bytes=" + (48 << 20);
  private static final String VALUE = "v".repeat(500_000);

  @BeforeEach
  void mount() throws Exception {
    Files.createDirectories(DISK);
    assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=110m", "tmpfs", DISK.toString()));
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", "-l", DISK.toString());
    TestFolders.delete(DISK);
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  @Test
  void putsAreRefusedBeforeItIsFullAndTheServerComesBack() throws Exception {
    try (ServerProcess server = ServerProcess.start("", DISK.resolve("data"), MARK)) {
      server.await("ready to serve ");
      CommandRun put = CommandRun.of("put", "k", VALUE, server.endpoint());
      for (int puts = 0; put.exitCode() == 0; puts++) {
        assertThat(puts).as("puts that fit").isLessThan(200);
        put = CommandRun.of("put", "k", VALUE, server.endpoint());
      }
      assertThat(put.err()).contains("etcdserver: mvcc: database space exceeded");
      server.await("the disk is nearly full");
      assertThat(CommandRun.of("put", "small", "1", server.endpoint()).exitCode()).isEqualTo(1);
      freeSpace(server);
      until(() -> CommandRun.of("put", "small", "1", server.endpoint()).exitCode() == 0);
      server.kill();
      comesBackWhenThereIsRoom(server);
    }
  }

  /** Deletes and compacts, which goes on at the mark. */
  private static void freeSpace(ServerProcess server) {
    CommandRun deleted = CommandRun.of("del", "k", "-w", "json", server.endpoint());
    assertThat(deleted.exitCode()).as(deleted.err()).isZero();
    String revision = deleted.out().replaceFirst("(?s).*\"revision\":(\\d+).*", "$1");
    CommandRun compacted = CommandRun.of("compact", revision, "--physical", server.endpoint());
    assertThat(compacted.exitCode()).as(compacted.err()).isZero();
  }

  private static void comesBackWhenThereIsRoom(ServerProcess before) throws Exception {
    Path fat = DISK.resolve("fat");
    fill(fat);
    try (ServerProcess server = before.again()) {
      server.await("waiting for room on the disk");
      assertThat(server.lines()).noneMatch(line -> line.contains("ready to serve "));
      Files.delete(fat);
      server.await("ready to serve ");
      assertThat(CommandRun.of("get", "small", server.endpoint()).out()).isEqualTo("small\n1\n");
      until(() -> CommandRun.of("put", "small", "2", server.endpoint()).exitCode() == 0);
    }
  }

  private static void fill(Path fat) throws IOException {
    byte[] piece = new byte[1 << 20];
    try (RandomAccessFile file = new RandomAccessFile(fat.toFile(), "rw")) {
      while (Files.getFileStore(fat).getUsableSpace() > piece.length) {
        file.write(piece);
      }
    }
  }
}
