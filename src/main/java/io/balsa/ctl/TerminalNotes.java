package io.balsa.ctl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Notes for a person who waits at a terminal. They go to standard error, and only where that is a
 * terminal: a script sees none.
 */
public final class TerminalNotes {
  private static final long PATIENCE_MILLIS = 1_000;
  private static final int INPUT = 0;
  private static final int ERROR = 2;

  private TerminalNotes() {}

  /** The end of waiting. */
  public interface Waiting extends AutoCloseable {
    @Override
    void close();
  }

  /** Whether standard error is a terminal. */
  public static boolean areShown() {
    return isTerminal(ERROR);
  }

  /** Says how to end standard input, when a person is to type it. */
  public static void awaitInput(String what) {
    if (isTerminal(INPUT)) {
      say("reading " + what + " from standard input; end it with Ctrl+D, give up with Ctrl+C");
    }
  }

  /** Prints a note. */
  static void say(String note) {
    if (areShown()) {
      System.err.println(folded("balsa: " + note));
    }
  }

  /** A line for standard error; broken between words where that is a narrower terminal. */
  public static String folded(String line) {
    return line.length() > TerminalWidth.LEAST && areShown()
        ? folded(line, TerminalWidth.columns())
        : line;
  }

  /** Breaks a line between words. */
  static String folded(String line, int width) {
    StringBuilder folded = new StringBuilder();
    int column = 0;
    for (String word : line.split(" ", -1)) {
      boolean breaks = column > 0 && column + 1 + word.length() > width;
      if (!folded.isEmpty()) {
        folded.append(breaks ? System.lineSeparator() : " ");
      }
      folded.append(word);
      column = breaks ? word.length() : column + (column > 0 ? 1 : 0) + word.length();
    }
    return folded.toString();
  }

  /** Prints a note unless the wait is closed within a second. */
  public static Waiting waitFor(String note) {
    if (!areShown()) {
      return () -> {};
    }
    ScheduledExecutorService clock =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("note").factory());
    var _ = clock.schedule(() -> say(note), PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    return clock::shutdownNow;
  }

  /**
   * Whether a file descriptor of this process is a terminal. Where /proc is missing, the console's.
   */
  private static boolean isTerminal(int descriptor) {
    try {
      Path target = Files.readSymbolicLink(Path.of("/proc/self/fd", String.valueOf(descriptor)));
      return isTerminal(target.toString());
    } catch (IOException | UnsupportedOperationException _) {
      return Colours.isTerminal();
    }
  }

  /** Whether a file is a terminal, by its name. */
  static boolean isTerminal(String file) {
    return file.matches("/dev/(pts/\\d+|tty.*|console)");
  }
}
