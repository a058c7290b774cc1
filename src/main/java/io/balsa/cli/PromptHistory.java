package io.balsa.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The file that keeps the prompt's history over sessions. It is the user's alone: mode 0600. */
final class PromptHistory {
  private PromptHistory() {}

  /**
   * The file, made when it is missing: {@code $XDG_STATE_HOME/balsa/history}, else in {@code
   * ~/.local/state}. Null where no file can be had; then each session has its own history.
   */
  static @Nullable Path file(Map<String, String> environment, String home) {
    String state = environment.getOrDefault("XDG_STATE_HOME", "");
    Path folder = state.isEmpty() ? Path.of(home, ".local", "state") : Path.of(state);
    Path file = folder.resolve("balsa").resolve("history");
    try {
      Files.createDirectories(folder.resolve("balsa"));
      if (!Files.exists(file)) {
        Files.createFile(file);
      }
      Files.setPosixFilePermissions(
          file, Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
      return file;
    } catch (IOException | UnsupportedOperationException _) {
      return null;
    }
  }
}
