package io.balsa.cli;

import com.google.protobuf.ByteString;
import io.balsa.forms.RawText;
import io.balsa.forms.RawWriter;
import java.io.ByteArrayOutputStream;
import picocli.CommandLine;

/**
 * The exit code and the output of a command.
 *
 * @param bytes what it printed, as it is
 * @param out the same as text
 */
public record CommandRun(int exitCode, ByteString bytes, String out, String err) {
  /** Runs a command; its words are text as {@link RawText} has it. */
  public static CommandRun of(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    CommandLine program = Main.commandLine();
    program.setOut(new RawWriter(out)).setErr(new RawWriter(err));
    int exitCode = Main.execute(program, args);
    program.getOut().flush();
    return of(exitCode, out, err);
  }

  /** All commands of the program. */
  public static CommandLine program() {
    return Main.commandLine();
  }

  static CommandRun of(int exitCode, ByteArrayOutputStream out, ByteArrayOutputStream err) {
    return new CommandRun(
        exitCode,
        ByteString.copyFrom(out.toByteArray()),
        RawText.of(out.toByteArray()),
        RawText.of(err.toByteArray()));
  }
}
