package io.balsa.processes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The processes of a cluster, on file: one that stood still when its parent was killed is found and
 * ended at the next start.
 */
final class PidFile {
  private final Path file;

  PidFile(Path file) {
    this.file = file;
  }

  void write(List<Long> pids) {
    try {
      Files.write(file, pids.stream().map(String::valueOf).toList());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  void clear() {
    write(List.of());
  }

  /** Ends those that still run and have the word, a path of ours, in their command line. */
  void endLeftOvers(String word) {
    for (String line : Folders.lines(file)) {
      Optional<ProcessHandle> left = ProcessHandle.of(Long.parseLong(line.strip()));
      left.filter(process -> isOurs(process, word)).ifPresent(PidFile::end);
    }
  }

  private static boolean isOurs(ProcessHandle process, String word) {
    return process.info().arguments().stream()
        .flatMap(Arrays::stream)
        .anyMatch(argument -> argument.contains(word));
  }

  private static void end(ProcessHandle process) {
    process.destroyForcibly();
    process.onExit().orTimeout(5, TimeUnit.SECONDS).join();
  }
}
