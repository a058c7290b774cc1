package io.balsa.ctl;

import com.google.protobuf.Message;
import io.balsa.forms.Form;
import io.balsa.forms.Lines;
import io.balsa.report.Table;
import java.util.function.Consumer;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The form in which a command prints its answer. Keys and values are printed as bytes. */
final class OutputOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = {"-w", "-o", "--write-out"},
      paramLabel = "simple|json|fields|table|protobuf",
      description = "the form of the answer (${DEFAULT-VALUE})")
  Form form = Form.simple;

  @Option(names = "--hex", description = "print keys, values and ids in hexadecimal")
  boolean hex;

  /** Prints an answer whose form {@code simple} is one line; it has no table. */
  void print(Message answer, String simple) {
    print(answer, lines -> lines.line(simple));
  }

  /** Prints an answer that has no table; a table shows the form {@code simple} then. */
  void print(Message answer, Consumer<Lines> simple) {
    form.print(lines(), answer, simple, null);
  }

  /** Makes only the form that was asked for, and prints it. */
  void print(Message answer, Consumer<Lines> simple, Supplier<Table> table) {
    form.print(lines(), answer, simple, table);
  }

  /** Prints a line in every form. */
  void printLine(String line) {
    Lines lines = lines();
    lines.line(line);
    lines.flush();
  }

  /** Where the command prints. */
  Lines lines() {
    return new Lines(command.commandLine().getOut(), hex);
  }
}
