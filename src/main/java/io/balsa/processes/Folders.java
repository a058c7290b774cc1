package io.balsa.processes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders and small files of the drill's own, whose failures end what is being done. */
public final class Folders {
  private Folders() {}

  /** The folder, made when missing. */
  public static Path made(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException failed) {
      throw new InstrumentFailure(
          "cannot make the folder " + folder + ": " + failed.getMessage(), failed);
    }
  }

  /** A file's lines; none when there is no file. */
  static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (NoSuchFileException _) {
      return List.of();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  public static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException failed) {
      throw new InstrumentFailure("cannot write " + file + ": " + failed.getMessage(), failed);
    }
  }

  /** Deletes a folder with all in it, if it is there. */
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
