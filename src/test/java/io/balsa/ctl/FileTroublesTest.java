package io.balsa.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTroublesTest {
  @TempDir private Path folder;

  @Test
  void aFailureSaysWhatIsWrongWithWhichFile() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    assertThat(lineOf(folder.resolve("none"))).isEqualTo("there is no file " + folder + "/none");
    assertThat(lineOf(folder.resolve("none/x")))
        .isEqualTo("there is no folder " + folder + "/none");
    assertThat(lineOf(file.resolve("x"))).isEqualTo(file + "/x: Not a directory");
    assertThat(FileTroubles.line(new AccessDeniedException("f"))).isEqualTo("permission denied: f");
    assertThat(FileTroubles.line(new UnknownHostException("h"))).endsWith("for the host h");
    assertThat(FileTroubles.line(new IOException("No space left"))).isEqualTo("No space left");
  }

  @Test
  void aWrappedFailureKeepsItsOwnMessage() {
    IOException cause = new NoSuchFileException(folder + "/x");

    assertThat(FileTroubles.line(new UncheckedIOException(cause)))
        .isEqualTo("there is no file " + folder + "/x");
    assertThat(FileTroubles.line(new UncheckedIOException("cannot start it", cause)))
        .isEqualTo("cannot start it: there is no file " + folder + "/x");
  }

  private static String lineOf(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException failed) {
      return FileTroubles.line(failed);
    }
  }
}
