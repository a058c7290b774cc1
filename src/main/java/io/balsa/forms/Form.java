package io.balsa.forms;

import com.google.gson.stream.JsonWriter;
import com.google.protobuf.Message;
import io.balsa.report.Table;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The forms of an answer, with etcdctl's names. */
public enum Form {
  simple,
  json,
  fields,
  table,
  protobuf;

  /**
   * Prints an answer in this form; makes no other form.
   *
   * @param plain prints the form {@code simple}
   * @param table makes the table; null for an answer whose table is the form {@code simple}
   */
  public void print(
      Lines lines, Message answer, Consumer<Lines> plain, @Nullable Supplier<Table> table) {
    switch (this) {
      case simple -> plain.accept(lines);
      case json -> printJson(lines, out -> JsonForm.write(out, answer, lines.hex()));
      case fields -> new FieldsForm(lines).answer(answer);
      case protobuf -> lines.encoded(answer);
      case table -> {
        if (table == null) {
          plain.accept(lines);
        } else {
          lines.line(table.get().text());
        }
      }
    }
    lines.flush();
  }

  /** Prints one line of JSON as it is written. */
  public static void printJson(Lines lines, Json.Content content) {
    try {
      // not closed: the output stays open
      JsonWriter out = new JsonWriter(new BufferedWriter(lines.writer()));
      out.setSerializeNulls(true);
      content.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    lines.line("");
  }
}
