package io.balsa.ctl;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A line on a terminal that shows what long work does, and for how many seconds already. The cursor
 * stays at its beginning, so that the next output overwrites it.
 */
public final class ProgressLine implements AutoCloseable, Consumer<String> {
  private static final String CLEAR = "\r\033[K";
  private static final long STEP_MILLIS = 1_000;

  private final PrintStream terminal;
  private final boolean shown;
  private final long begin = System.nanoTime();
  private volatile String text;
  private @Nullable Thread thread;

  /** A line that is shown each time that {@link #show} is called. */
  ProgressLine(String text, PrintStream terminal, boolean shown) {
    this.text = text;
    this.terminal = terminal;
    this.shown = shown;
  }

  /** A line on standard error, once a second, where that is a terminal; else never. */
  public static ProgressLine of(String text) {
    ProgressLine line = new ProgressLine(text, System.err, TerminalNotes.areShown());
    if (line.shown) {
      line.thread = Thread.ofPlatform().daemon().name("progress").start(line::showOften);
    }
    return line;
  }

  private void showOften() {
    try {
      while (true) {
        TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
        show();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Changes the text, which is shown within a second. */
  @Override
  public void accept(String line) {
    text = line;
  }

  /** Shows the line, where it is shown at all. */
  void show() {
    print(CLEAR + text + ", " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin) + " s\r");
  }

  private void print(String line) {
    if (shown) {
      terminal.print(line);
      terminal.flush();
    }
  }

  @Override
  public void close() {
    Thread ticking = thread;
    if (ticking != null) {
      ticking.interrupt();
    }
    print(CLEAR);
  }
}
