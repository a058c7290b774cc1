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
    assertThat(modeOf(path)).isEqualTo("rwx------");
    assertThat(path.resolve("file")).exists();
  }

  @Test
  void sec08ADirectoryOpenToOthersHoldsTheDataInOneThatIsNot() throws IOException {
    Path path = TestDirectory.fresh();
    setMode(path, "rwxr-xr-x");
    Files.createDirectory(path.resolve("lost+found"));
    Path own = path.resolve("balsa");
    assertThat(home(path)).isEqualTo(own);
    assertThat(modeOf(own)).isEqualTo("rwx------");
    assertThat(modeOf(path)).isEqualTo("rwxr-xr-x");
    assertThat(path.resolve("lock")).doesNotExist();
    setMode(path, "rwx------");
    assertThat(home(path)).isEqualTo(own);
  }

  @Test
  void otherFilesAreLeftAlone() throws IOException {
    Path path = TestDirectory.fresh();
    Files.createFile(path.resolve("notes"));
    assertThat(home(path)).isEqualTo(path.resolve("balsa"));
  }

  @Test
  void dataOfAnEarlierVersionStayWhereTheyAre() throws IOException {
    Path path = TestDirectory.fresh();
    Files.createDirectory(path.resolve("wal"));
    Files.createFile(path.resolve("notes"));
    setMode(path, "rwxr-x---");
    assertThat(home(path)).isEqualTo(path);
    assertThat(modeOf(path)).isEqualTo("rwx------");
  }

  /** Prometheus has a directory with the same name. */
  @Test
  void theDirectoryOfAnotherProgramIsLeftAsItIs() throws IOException {
    Path path = TestDirectory.fresh();
    Files.createFile(Files.createDirectory(path.resolve("wal")).resolve("00000000"));
    setMode(path, "rwxr-xr-x");
    assertThat(home(path)).isEqualTo(path.resolve("balsa"));
    assertThat(modeOf(path)).isEqualTo("rwxr-xr-x");
    assertThat(DataDirectory.holdsData(path)).isFalse();
  }

  @Test
  void theFilesOfALogAreData() throws IOException {
    Path path = TestDirectory.fresh();
    Path own = Files.createDirectory(path.resolve("balsa"));
    assertThat(DataDirectory.holdsData(path)).isFalse();
    Files.createFile(Files.createDirectory(own.resolve("wal")).resolve("000000000000001a.wal"));
    assertThat(DataDirectory.holdsData(path)).isTrue();
    assertThat(DataDirectory.holdsData(own)).isTrue();
  }

  /** Kubernetes opens a volume with {@code fsGroup} to a group at each mount. */
  @Test
  void sec08WhatAMountOpenedToAGroupIsClosedAgain() throws IOException {
    Path path = TestDirectory.fresh();
    setMode(path, "rwxrwxr-x");
    Path own = home(path);
    setMode(own, "rwxrwx---");
    assertThat(home(path)).isEqualTo(own);
    assertThat(modeOf(own)).isEqualTo("rwx------");
  }

  @Test
  void thePlaceIsSaid() throws IOException {
    Path path = TestDirectory.fresh().toAbsolutePath();
    assertThat(DataPlace.in(path).note()).isNull();
    setMode(path, "rwxr-xr-x");
    DataPlace made = DataPlace.in(path);
    assertThat(made.note())
        .isEqualTo(
            "the data are in %s/balsa, with mode 0700; %s is open to others (rwxr-xr-x)"
                .formatted(path, path));
    assertThat(made.isNew()).isTrue();
    assertThat(DataPlace.in(path)).isEqualTo(new DataPlace(made.home(), made.note(), false));
  }

  @Test
  void aLinkInThePlaceOfTheDataIsRefused() throws IOException {
    Path path = TestDirectory.fresh();
    setMode(path, "rwxrwxrwx");
    Files.createSymbolicLink(path.resolve("balsa"), TestDirectory.fresh().toAbsolutePath());
    refused(path, "holds 'balsa', where the data belong, but that is no directory");
  }

  @Test
  void theDirectoryOfAnEtcdIsRefused() throws IOException {
    Path path = TestDirectory.fresh();
    Files.createDirectories(path.resolve("member/snap"));
    Files.createDirectories(path.resolve("member/wal"));
    refused(path, "is etcd's (it holds 'member'), and Balsa does not read etcd's files");
    refused(path.resolve("member"), "is etcd's (it holds 'snap')");
    assertThat(path.resolve("balsa")).doesNotExist();
  }

  @Test
  void twoSetsOfDataAreRefused() throws IOException {
    Path path = TestDirectory.fresh();
    Files.createDirectories(path.resolve("wal"));
    Files.createDirectories(path.resolve("balsa/wal"));
    refused(path, "holds two sets of data");
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
    refused(file, "is not a directory: choose another");
  }

  private static Path home(Path path) throws IOException {
    try (DataDirectory directory = DataDirectory.open(path)) {
      return path.resolve(path.toAbsolutePath().relativize(directory.path()));
    }
  }

  private static void setMode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private static String modeOf(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
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
