package io.balsa.ctl;

import java.io.Console;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Text;

/**
 * Colours for a terminal.
 *
 * @param on whether to colour at all
 */
public record Colours(boolean on) {
  /** On when output is a terminal and NO_COLOR is not set. */
  public static Colours ofTerminal() {
    String refusal = System.getenv("NO_COLOR");
    return new Colours(isTerminal() && (refusal == null || refusal.isEmpty()));
  }

  /** Whether input and output are a terminal. */
  @SuppressWarnings("SystemConsoleNull") // since JDK 25 it is null again where there is none
  public static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  public Text good(String text) {
    return coloured("green", text);
  }

  public Text bad(String text) {
    return coloured("red", text);
  }

  /** The text holds no markup itself. */
  private Text coloured(String colour, String text) {
    return on ? Ansi.ON.text("@|" + colour + " " + text + "|@") : Ansi.OFF.text(text);
  }
}
