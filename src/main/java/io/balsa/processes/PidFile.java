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
 * A file with the process ids of a cluster. A child that was paused when its parent was killed does
 * not end by itself. The next start finds it by this file and ends it.
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

  /**
   * Ends the processes of the file that still run.
   *
   * @param word must be in the command line of a process, because its id may be in use again
   */
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
