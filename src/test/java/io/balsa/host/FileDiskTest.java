package io.balsa.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
