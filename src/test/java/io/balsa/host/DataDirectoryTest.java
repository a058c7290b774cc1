package io.balsa.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;

class DataDirectoryTest {
  @Test
  void aMissingDirectoryIsMadeForTheOwnerAlone() throws IOException {
    Path path = TestDirectory.fresh().resolve("a/b");
    try (DataDirectory directory = DataDirectory.open(path)) {
      directory.disk().create("file").close();
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rwx------");
    assertThat(path.resolve("file")).exists();
  }

  @Test
  void aDirectoryOpenToOthersIsRefusedWithWhatToDo() throws IOException {
    Path path = TestDirectory.fresh();
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-x---"));
    refused(path, "is open to others (rwxr-x---): run chmod 700 " + path);
  }

  @Test
  void aSecondServerIsKeptOutUntilTheFirstIsGone() throws IOException {
    Path path = TestDirectory.fresh();
    try (DataDirectory _ = DataDirectory.open(path)) {
      refused(path, "is in use by another process");
    }
    DataDirectory.open(path).close();
  }

  @Test
  void aPlaceThatCannotBeWrittenIsNamed() throws IOException {
    Path file = Files.createFile(TestDirectory.fresh().resolve("file"));
    refused(file.resolve("below"), "cannot be written");
    refused(file, ": there is something else of that name)");
  }

  private static void refused(Path path, String line) {
    assertThatThrownBy(() -> DataDirectory.open(path))
        .isInstanceOf(DirectoryRefused.class)
        .hasMessageStartingWith("data directory " + path + " ")
        .hasMessageContaining(line)
        .message()
        .doesNotContain("\n");
  }
}
