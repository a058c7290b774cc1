package io.balsa.ctl;

import java.io.IOException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/** How wide a text for people may be. */
public final class TerminalWidth {
  public static final int UNKNOWN = 80;
  static final int LEAST = 60;
  private static final int MOST = 120;

  private TerminalWidth() {}

  /** The columns of {@code COLUMNS}, else of the terminal, else 80; between 60 and 120. */
  public static int columns() {
    int given = number(System.getenv("COLUMNS"));
    return bounded(given > 0 || !Colours.isTerminal() ? given : ofTerminal());
  }

  /** The number a text stands for; 0 for none. */
  public static int number(@Nullable String text) {
    return text != null && text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
  }

  /** A width that help can be laid out in. Zero means unknown. */
  public static int bounded(int columns) {
    return columns == 0 ? UNKNOWN : Math.clamp(columns, LEAST, MOST);
  }

  private static int ofTerminal() {
    // With grapheme clusters it would write questions to the terminal and wait for answers.
    // With jni it would need a file in the temporary directory.
    TerminalBuilder builder = TerminalBuilder.builder().system(true).dumb(true);
    try (Terminal terminal = builder.graphemeCluster(false).jni(false).build()) {
      return terminal.getSize().getColumns();
    } catch (IOException _) {
      return 0;
    }
  }
}
