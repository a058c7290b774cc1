package io.balsa.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** How many files and sockets this process may have open, read from Linux. */
public final class Descriptors {
  /** For a system without that number: the least that most systems allow. */
  private static final int ASSUMED = 1_024;

  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final String LINE = "Max open files";

  private Descriptors() {}

  /** The soft limit, {@code ulimit -n}; the JVM has raised it to the hard one by now. */
  public static int limit() {
    try (Stream<String> lines = Files.lines(LIMITS)) {
      return lines
          .filter(line -> line.startsWith(LINE))
          .findFirst()
          .map(Descriptors::softLimit)
          .orElse(ASSUMED);
    } catch (IOException _) {
      return ASSUMED;
    }
  }

  /** The first number of the line; a word instead of a number means no limit. */
  static int softLimit(String line) {
    String word = line.substring(LINE.length()).strip().split("\\s+", 2)[0];
    if (!word.matches("\\d{1,18}")) {
      return Integer.MAX_VALUE;
    }
    return (int) Math.min(Integer.MAX_VALUE, Long.parseLong(word));
  }
}
