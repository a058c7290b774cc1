package io.balsa.processes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders and small files of the tools. A failure ends the run. */
public final class Folders {
  private Folders() {}

  /** Makes a folder, and its parents, when it is missing. */
  public static Path made(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException failed) {
      throw new InstrumentFailure("cannot make the folder " + folder, failed);
    }
  }

  /** The lines of a file; empty when there is no file. */
  static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (NoSuchFileException _) {
      return List.of();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** The last line of a process's output that is not blank, or words for none. */
  static String lastLine(Path log) {
    return lines(log).reversed().stream()
        .filter(line -> !line.isBlank())
        .findFirst()
        .orElse("without any output");
  }

  public static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException failed) {
      throw new InstrumentFailure("cannot write " + file, failed);
    }
  }

  /** Deletes a folder and its content; nothing happens when there is none. */
  public static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
