package io.balsa.cli;

import java.io.Console;

/**
 * Colours for a terminal.
 *
 * @param on whether to colour at all
 */
record Colours(boolean on) {
  /** On when somebody looks and has not set NO_COLOR. */
  static Colours ofTerminal() {
    String refusal = System.getenv("NO_COLOR");
    return new Colours(isTerminal() && (refusal == null || refusal.isEmpty()));
  }

  /** Whether input and output are a terminal. */
  @SuppressWarnings("SystemConsoleNull") // since JDK 25 it is null again where there is none
  static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  String good(String text) {
    return coloured("32", text);
  }

  String bad(String text) {
    return coloured("31", text);
  }

  private String coloured(String code, String text) {
    return on ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
