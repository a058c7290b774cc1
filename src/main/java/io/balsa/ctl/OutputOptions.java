package io.balsa.ctl;

import com.google.gson.stream.JsonWriter;
import com.google.protobuf.Message;
import io.balsa.forms.FieldsForm;
import io.balsa.forms.Form;
import io.balsa.forms.Lines;
import io.balsa.report.Table;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The form in which a command prints its answer. Keys and values are printed as bytes. */
public final class OutputOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = {"-w", "-o", "--write-out"},
      paramLabel = "simple|json|fields|table|protobuf",
      description = "the form of the answer (${DEFAULT-VALUE})")
  private Form form = Form.simple;

  @Option(names = "--hex", description = "print keys, values and ids in hexadecimal")
  boolean hex;

  /** The form that was asked for. */
  public Form form() {
    return form;
  }

  /** Prints an answer whose form {@code simple} is one line; it has no table. */
  public void print(Message answer, String simple) {
    print(answer, lines -> lines.line(simple));
  }

  /** Prints an answer that has no table; a table shows the form {@code simple} then. */
  public void print(Message answer, Consumer<Lines> simple) {
    form.print(lines(), answer, simple, null);
  }

  /** Makes only the form that was asked for, and prints it. */
  public void print(Message answer, Consumer<Lines> simple, Supplier<Table> table) {
    form.print(lines(), answer, simple, table);
  }

  /** What is printed in forms, but is no message of the protocol. */
  public interface Printed {
    void simple(Lines lines);

    void json(JsonWriter out) throws IOException;

    void fields(FieldsForm form);

    Table table();
  }

  /** Prints what has no form {@code protobuf}. */
  public void print(Printed what) {
    Lines lines = lines();
    switch (form) {
      case simple -> what.simple(lines);
      case json -> Form.printJson(lines, what::json);
      case fields -> what.fields(new FieldsForm(lines));
      case table -> lines.line(what.table().text());
      case protobuf -> refuseProtobuf();
    }
    lines.flush();
  }

  /** Refuses the form {@code protobuf}, before servers are asked. */
  public void refuseProtobuf() {
    if (form == Form.protobuf) {
      throw new BadInput(
          "-w protobuf: this answer has no such form; give simple, json, fields or table");
    }
  }

  /** Prints a line in every form. */
  public void printLine(String line) {
    Lines lines = lines();
    lines.line(line);
    lines.flush();
  }

  /** Where the command prints. */
  public Lines lines() {
    return new Lines(command.commandLine().getOut(), hex);
  }
}
