package io.balsa.logging;

import java.util.List;
import java.util.Optional;

/**
 * What a server or a proxy logs, in which form and where: the meaning of etcd's flags {@code
 * --log-level}, {@code --log-format}, {@code --log-outputs}, {@code --enable-log-rotation} and
 * {@code --log-rotation-config-json}.
 *
 * @param level the least level to log
 * @param outputs one or more, in order: {@link #DEFAULT_OUTPUT}, {@link #STDOUT}, {@link #STDERR},
 *     or else the path of a file to append to
 * @param rotation how files among the outputs are rotated; empty for not at all
 */
public record LogSettings(
    Level level, Format format, List<String> outputs, Optional<Rotation> rotation) {
  /** The journal under systemd, otherwise standard error. */
  public static final String DEFAULT_OUTPUT = "default";

  /** Standard output. */
  public static final String STDOUT = "stdout";

  /** Standard error. */
  public static final String STDERR = "stderr";

  /** Text from {@code info} on, to the default output. */
  public static final LogSettings DEFAULTS =
      new LogSettings(Level.INFO, Format.TEXT, List.of(DEFAULT_OUTPUT), Optional.empty());

  /** Copies the list. */
  public LogSettings {
    outputs = List.copyOf(outputs);
  }

  /** Whether an output is the path of a file. */
  public static boolean isFile(String output) {
    return !List.of(DEFAULT_OUTPUT, STDOUT, STDERR).contains(output);
  }

  /** etcd's levels, from the most lines to the fewest. */
  public enum Level {
    DEBUG,
    INFO,
    WARN,
    ERROR,
    PANIC,
    FATAL
  }

  /** The form of a line. */
  public enum Format {
    /** For people; etcd's name for it is {@code console}. */
    TEXT,
    /** One JSON document a line, as etcd writes it. */
    JSON
  }

  /**
   * When a log file is renamed and a new one begun. The fields are those of etcd's JSON.
   *
   * @param maxSizeMegabytes the size of a file in MB (2^20 bytes), at least 1
   * @param maxAgeDays after how many days an old file is deleted; 0 for never
   * @param maxBackups how many old files are kept; 0 for all
   * @param localTime whether the names of old files have local time instead of UTC
   * @param compress whether old files are compressed by gzip
   */
  public record Rotation(
      int maxSizeMegabytes, int maxAgeDays, int maxBackups, boolean localTime, boolean compress) {}
}
