package io.balsa.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.balsa.house.SharesCores;
import io.balsa.logging.LogEvent;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file that RocksDB's library is loaded from. */
@SharesCores
class RocksLibraryTest {
  private static final String NAME = "library.so";

  @TempDir(factory = TargetDirectory.class)
  private Path root;

  private Path folder;
  private URL library;

  @BeforeEach
  void makeLibrary() throws IOException {
    folder = root.resolve("folder");
    library = Files.writeString(root.resolve("inside"), "a library").toUri().toURL();
  }

  private Path made() throws IOException {
    return LibraryFolder.shared(folder).with(library, NAME);
  }

  private static List<Path> libraries(Path below) throws IOException {
    try (Stream<Path> all = Files.walk(below)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void aLibraryIsMadeOnceForItsUserAlone() throws IOException {
    Path directory = made();
    Path file = directory.resolve(NAME);
    assertThat(file).hasContent("a library");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
    FileTime written = Files.getLastModifiedTime(file);
    assertThat(made()).isEqualTo(directory);
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(written);
    assertThat(libraries(folder)).hasSize(1);
  }

  @Test
  void aLibraryThatIsNotWholeIsMadeAgain() throws IOException {
    Path file = made().resolve(NAME);
    Files.writeString(file, "a lib");
    made();
    assertThat(file).hasContent("a library");
  }

  @Test
  void librariesThatNobodyUsesAreDeleted() throws IOException {
    Path old = made();
    Files.createFile(old.resolve("part1"));
    library = Files.writeString(root.resolve("inside"), "another library").toUri().toURL();
    Path present = made();
    assertThat(old).exists();
    age(old);
    Path part = Files.createFile(present.resolve("part2"));
    age(part);
    Path other = Files.createDirectory(folder.resolve("other"));
    age(other);
    assertThat(made()).isEqualTo(present);
    assertThat(old).doesNotExist();
    assertThat(part).doesNotExist();
    assertThat(other).exists();
  }

  private static void age(Path path) throws IOException {
    Instant before = Instant.now().minus(Duration.ofHours(25));
    Files.setLastModifiedTime(path, FileTime.from(before));
  }

  @Test
  void whatOthersCouldHaveMadeIsNotUsed() throws IOException {
    Files.createSymbolicLink(folder, Files.createDirectory(root.resolve("elsewhere")));
    assertThatThrownBy(this::made).hasMessage("it is not a directory");
    Files.delete(folder);
    Files.createDirectory(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(this::made).hasMessage("it is open to others, rwxrwxrwx");
  }

  /** A container may run as a user without a name. */
  @Test
  void theUserIsKnownByItsNumber() throws IOException {
    assertThat(LibraryFolder.user()).isEqualTo(Files.getAttribute(root, "unix:uid").toString());
  }

  /** Kubernetes opens a volume with {@code fsGroup} to a group at each mount. */
  @Test
  void aFolderInTheHomeIsClosedAgainAndItsLibrariesAreMadeAnew() throws IOException {
    LibraryFolder inHome = LibraryFolder.inHome(folder);
    Path file = inHome.with(library, NAME).resolve(NAME);
    Files.writeString(file, "A LIBRARY");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwx---"));
    inHome.with(library, NAME);
    assertThat(file).hasContent("a library");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
  }

  @Test
  void processesThatAreKilledLeaveOneLibrary() throws Exception {
    Path temporary = Files.createDirectory(root.resolve("temporary"));
    for (int i = 0; i < 2; i++) {
      assertThat(lineOfProcess(temporary)).isEqualTo("open");
    }
    assertThat(libraries(temporary)).hasSize(1);
    assertThat(root.resolve("data/native")).doesNotExist();
  }

  @Test
  void withoutATemporaryDirectoryTheLibraryIsBesideTheData() throws Exception {
    Path taken = Files.createDirectory(root.resolve("temporary"));
    Path file = Files.createFile(taken.resolve("balsa-" + LibraryFolder.user()));
    assertThat(lineOfProcess(taken))
        .contains("the library of RocksDB is in another directory")
        .contains("native");
    assertThat(libraries(root.resolve("data/native"))).hasSize(1);
    Files.createFile(Files.createDirectory(root.resolve("other")).resolve("native"));
    assertThat(lineOfProcess(taken, "other"))
        .contains("can be loaded from no directory: " + file)
        .contains("native cannot hold it (it is not a directory); choose another one")
        .endsWith("BALSA_JAVA_OPTS=-Djava.io.tmpdir=DIR");
  }

  /** Nobody can make a file in {@code /proc}. */
  @Test
  void whereNothingCanBeWrittenTheLineNamesTheOption() throws Exception {
    Files.createFile(Files.createDirectory(root.resolve("data")).resolve("native"));
    assertThat(lineOfProcess(Path.of("/proc")))
        .startsWith("RocksDB's library can be loaded from no directory: /proc/balsa-")
        .contains("not mounted noexec")
        .endsWith("BALSA_JAVA_OPTS=-Djava.io.tmpdir=DIR");
  }

  /** Skipped where the user may not mount a file system. */
  @Test
  void whereNothingCanBeExecutedTheLineNamesTheOption() throws Exception {
    Path disk = Files.createDirectory(root.resolve("disk")).toAbsolutePath();
    assumeTrue(run("mount", "-t", "tmpfs", "-o", "noexec,size=60m", "tmpfs", disk.toString()));
    try {
      assertThat(lineOfProcess(Files.createDirectory(disk.resolve("temporary")), "disk/data"))
          .contains("can be loaded from no directory: " + disk)
          .endsWith("BALSA_JAVA_OPTS=-Djava.io.tmpdir=DIR");
    } finally {
      run("umount", "-l", disk.toString());
    }
  }

  private static boolean run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getInputStream().transferTo(OutputStream.nullOutputStream());
    return process.waitFor() == 0;
  }

  private String lineOfProcess(Path temporary) throws Exception {
    return lineOfProcess(temporary, "data");
  }

  /** Opens a store in a process of its own, and kills the process when it has said a line. */
  private String lineOfProcess(Path temporary, String data) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.io.tmpdir=" + temporary,
            "-cp",
            System.getProperty("java.class.path"),
            Opening.class.getName(),
            root.resolve(data).toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var out = process.inputReader(UTF_8)) {
      String line = out.readLine();
      boolean heading = line != null && line.contains(LogEvent.class.getName());
      return String.valueOf(heading ? out.readLine() : line);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** The process that is killed. */
  static final class Opening {
    private Opening() {}

    public static void main(String[] arguments) throws IOException {
      Path data = Files.createDirectories(Path.of(arguments[0]));
      try (Engine engine = new RocksEngines(data).open("state")) {
        System.out.println("open");
        System.in.read();
        engine.flush();
      } catch (EngineFailure e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
