package io.balsa.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Directories for tests on the file system of the build, where a force means something. */
public final class TestDirectory {
  private TestDirectory() {}

  /** A new empty directory under the build's own, mode 0700. */
  public static Path fresh() throws IOException {
    Path parent = Files.createDirectories(Path.of("target", "test-directories"));
    return Files.createTempDirectory(parent, "t");
  }
}
