package io.balsa.ctl;

import java.io.Console;

/** Reads a password at the terminal. It is not shown while it is typed. */
public final class TypedPassword {
  private TypedPassword() {}

  /**
   * Asks for a password.
   *
   * @throws BadInput when there is no terminal, or its input ends
   */
  @SuppressWarnings("SystemConsoleNull") // JDK 25 returns null again when there is no terminal
  public static String ask(String prompt) {
    Console console = System.console();
    if (console == null || !console.isTerminal()) {
      throw new BadInput(
          "there is no terminal to ask for the password; give it with an option, see --help");
    }
    char[] typed = console.readPassword("%s", prompt);
    if (typed == null) {
      throw new BadInput("no password was typed");
    }
    return new String(typed);
  }
}
