package io.balsa.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;

class FileDiskTest implements DiskContract {
  @Override
  public Disk fresh() throws IOException {
    return new FileDisk(TestDirectory.fresh());
  }

  @Test
  void whatItMakesIsForTheOwnerAlone() throws IOException {
    Path root = TestDirectory.fresh();
    Disk disk = new FileDisk(root);
    disk.createDirectory("a");
    disk.create("a/file").close();
    assertThat(mode(root.resolve("a"))).isEqualTo("rwx------");
    assertThat(mode(root.resolve("a/file"))).isEqualTo("rw-------");
  }

  /** What was interrupted in the midst of its work never says that it is done. */
  @Test
  void kb106AnInterruptedWriterFails() throws IOException {
    DiskFile file = fresh().create("file");
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> file.write(0, ByteBuffer.wrap(new byte[] {1})))
          .isInstanceOf(IOException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThatThrownBy(file::force).isInstanceOf(IOException.class);
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
