package io.balsa.logging;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The log of a process that Balsa owns. A program that embeds a server sets up its own. */
public final class Logs {
  /** Kept in a field, so that the logger and its level are not collected. */
  private static final Logger OURS = Logger.getLogger("io.balsa");

  private static final Logger ALL = Logger.getLogger("");

  private Logs() {}

  /**
   * Sets up the log of this process.
   *
   * @param journalStream systemd's variable {@code JOURNAL_STREAM}; null when it is not set
   * @throws IOException with one line that names the output, when it cannot be had
   */
  public static void setUp(LogSettings settings, @Nullable String journalStream)
      throws IOException {
    Formatter form =
        switch (settings.format()) {
          case TEXT -> new TextFormatter();
          case JSON -> new JsonFormatter();
        };
    List<LogOutput> outputs = new ArrayList<>();
    for (String name : settings.outputs()) {
      outputs.add(output(name, settings, journalStream));
    }
    boolean onlyFatal = settings.level().compareTo(LogSettings.Level.ERROR) > 0;
    LineHandler lines = new LineHandler(outputs, form, onlyFatal);
    lines.setLevel(Level.ALL);
    for (Handler old : ALL.getHandlers()) {
      ALL.removeHandler(old);
    }
    ALL.addHandler(lines);
    OURS.setLevel(level(settings.level()));
    ALL.setLevel(atLeastWarning(level(settings.level())));
  }

  /** Other libraries log their details by the thousands. */
  private static Level atLeastWarning(Level asked) {
    return asked.intValue() < Level.WARNING.intValue() ? Level.WARNING : asked;
  }

  private static Level level(LogSettings.Level asked) {
    return switch (asked) {
      case DEBUG -> Level.FINE;
      case INFO -> Level.INFO;
      case WARN -> Level.WARNING;
      case ERROR, PANIC, FATAL -> Level.SEVERE;
    };
  }

  private static LogOutput output(String name, LogSettings settings, @Nullable String journalStream)
      throws IOException {
    return switch (name) {
      case LogSettings.STDOUT -> new StreamOutput(name, stream(FileDescriptor.out), false);
      case LogSettings.STDERR -> new StreamOutput(name, stream(FileDescriptor.err), false);
      case LogSettings.DEFAULT_OUTPUT ->
          new StreamOutput(name, stream(FileDescriptor.err), StreamOutput.isJournal(journalStream));
      default -> file(name, settings);
    };
  }

  private static OutputStream stream(FileDescriptor descriptor) {
    return new FileOutputStream(descriptor);
  }

  private static LogOutput file(String name, LogSettings settings) throws IOException {
    try {
      return new FileOutput(Path.of(name), settings.rotation().orElse(null));
    } catch (IOException e) {
      throw new IOException(
          "log file " + name + " cannot be opened: " + reason(e) + "; check folder and rights", e);
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case java.nio.file.NoSuchFileException _ -> "there is no such folder";
      case java.nio.file.AccessDeniedException _ -> "permission denied";
      default -> String.valueOf(e.getMessage());
    };
  }
}
