package io.balsa.forms;

import com.google.gson.stream.JsonWriter;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.balsa.proto.etcdserverpb.ResponseHeader;
import io.balsa.proto.mvccpb.KeyValue;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Prints the parts of a range as they come, as if the range had come as one answer. */
public final class RangeForm {
  private final Lines lines;
  private final Form form;
  private final boolean valuesOnly;
  private final JsonWriter json;
  private long keys;

  /**
   * @param form one of {@code simple}, {@code json} and {@code fields}
   * @param valuesOnly whether the form {@code simple} leaves the keys out
   */
  public RangeForm(Lines lines, Form form, boolean valuesOnly) {
    this.lines = lines;
    this.form = form;
    this.valuesOnly = valuesOnly;
    this.json = new JsonWriter(new BufferedWriter(lines.writer()));
  }

  /** Whether a range in this form can be printed in parts. */
  public static boolean suits(Form form) {
    return form == Form.simple || form == Form.json || form == Form.fields;
  }

  /** Prints the next part. */
  public void print(RangeResponse part) {
    try {
      for (KeyValue kv : part.getKvsList()) {
        print(kv);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Prints what stands before the first part. */
  public void begin(ResponseHeader header) {
    try {
      switch (form) {
        case json -> Json.write(json.beginObject().name("header"), header);
        case fields -> new FieldsForm(lines).header(header);
        default -> {}
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void print(KeyValue kv) throws IOException {
    switch (form) {
      case json -> Json.write(keys == 0 ? json.name("kvs").beginArray() : json, kv);
      case fields -> new FieldsForm(lines).keyValue("", kv);
      default -> {
        if (valuesOnly) {
          lines.line(kv.getValue());
        } else {
          lines.keyAndValue(kv);
        }
      }
    }
    keys++;
  }

  /** Prints what follows the last part, which holds the last key of the range. */
  public void end() {
    try {
      switch (form) {
        case json -> endJson();
        case fields -> new FieldsForm(lines).rangeEnd(false, keys);
        default -> {}
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    lines.flush();
  }

  private void endJson() throws IOException {
    if (keys > 0) {
      json.endArray().name("count").value(keys);
    }
    json.endObject().flush();
    lines.line("");
  }
}
