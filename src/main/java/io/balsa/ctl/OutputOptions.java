package io.balsa.ctl;

import com.google.protobuf.Message;
import java.io.PrintWriter;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The form in which a command prints its answer. */
final class OutputOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = {"-w", "-o", "--write-out"},
      paramLabel = "simple|json|table",
      description = "the form of the answer (${DEFAULT-VALUE})")
  Format format = Format.simple;

  /** The forms. */
  enum Format {
    simple,
    json,
    table
  }

  /** Prints an answer that has no table. */
  void print(Message answer, String simple) {
    print(answer, simple, simple);
  }

  void print(Message answer, String simple, String table) {
    print(answer, () -> simple, () -> table);
  }

  /** Makes only the form that was asked for, and prints it. */
  void print(Message answer, Supplier<String> simple, Supplier<String> table) {
    printText(
        switch (format) {
          case simple -> simple.get();
          case json -> Json.of(answer);
          case table -> table.get();
        });
  }

  /** Prints a text as it is, unless it is empty. */
  void printText(String text) {
    PrintWriter out = command.commandLine().getOut();
    if (!text.isEmpty()) {
      out.println(text);
    }
  }
}
