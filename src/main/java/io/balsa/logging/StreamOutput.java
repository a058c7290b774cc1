package io.balsa.logging;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;

/**
 * Standard output, standard error, or the journal of systemd behind standard error. The journal
 * takes the priority of a line from a prefix such as {@code <4>} (sd-daemon(3)).
 */
final class StreamOutput implements LogOutput {
  private final String name;
  private final OutputStream stream;
  private final boolean withPriority;

  /**
   * @param stream reports a failed write, as a {@code PrintStream} does not
   */
  StreamOutput(String name, OutputStream stream, boolean withPriority) {
    this.name = name;
    this.stream = stream;
    this.withPriority = withPriority;
  }

  /** Whether standard error goes to the journal: systemd names the device and inode. */
  static boolean isJournal(@Nullable String journalStream) {
    if (journalStream == null) {
      return false;
    }
    Path standardError = Path.of("/proc/self/fd/2");
    try {
      Object device = Files.getAttribute(standardError, "unix:dev");
      Object inode = Files.getAttribute(standardError, "unix:ino");
      return journalStream.equals(device + ":" + inode);
    } catch (IOException | UnsupportedOperationException _) {
      return false;
    }
  }

  @Override
  public void write(Level level, byte[] line) throws IOException {
    if (withPriority) {
      stream.write(("<" + priority(level) + ">").getBytes(StandardCharsets.US_ASCII));
    }
    stream.write(line);
    stream.flush();
  }

  private static int priority(Level level) {
    return switch (LogText.level(level)) {
      case "error" -> 3;
      case "warn" -> 4;
      case "info" -> 6;
      default -> 7;
    };
  }

  @Override
  public String name() {
    return name;
  }
}
