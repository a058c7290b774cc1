package io.balsa.ctl.auth;

import io.balsa.ctl.BadInput;
import io.balsa.ctl.TypedPassword;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Model.CommandSpec;

/** Reads new passwords. */
final class PasswordInput {
  private static final int BYTES_MAX = 4096;

  private PasswordInput() {}

  /**
   * Reads a new password.
   *
   * @param interactive whether to ask twice at the terminal; if not, a word of standard input is
   *     read
   * @throws BadInput when there is no terminal, or the two differ
   */
  static String forUser(CommandSpec command, String user, boolean interactive) {
    command.commandLine().getOut().flush();
    if (!interactive) {
      return word(System.in);
    }
    String first = TypedPassword.ask("Password of " + user + ": ");
    if (first.isEmpty()) {
      throw new BadInput("the password is empty; --no-password adds a user without one");
    }
    if (!first.equals(
        TypedPassword.ask("Type password of " + user + " again for confirmation: "))) {
      throw new BadInput("the two passwords differ; type the same one twice");
    }
    return first;
  }

  /** The first word of the first line, as Go's Scanf reads it; empty when there is none. */
  static String word(InputStream in) {
    ByteArrayOutputStream word = new ByteArrayOutputStream();
    try {
      int next = in.read();
      while (next == ' ' || next == '\t') {
        next = in.read();
      }
      while (next > ' ' && word.size() <= BYTES_MAX) {
        word.write(next);
        next = in.read();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (word.size() > BYTES_MAX) {
      throw new BadInput("the password is longer than 4096 bytes");
    }
    return word.toString(StandardCharsets.UTF_8);
  }
}
