package io.balsa.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonWriter;
import io.balsa.audit.AuditRecord.Keys;
import io.balsa.bytes.Bytes;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records as lines of JSON. A key is text when its bytes are UTF-8, and otherwise in base64 under
 * another name. What is empty is left out.
 */
public final class AuditLines {
  private AuditLines() {}

  /** The line of a record, with its line end. */
  static String line(AuditRecord record) {
    StringWriter text = new StringWriter();
    try (JsonWriter out = new JsonWriter(text)) {
      out.setHtmlSafe(false);
      out.beginObject();
      out.name("seq").value(record.sequence());
      out.name("time").value(record.time().toString());
      put(out, "user", record.user());
      put(out, "identity", record.identity());
      put(out, "source", record.source());
      put(out, "method", record.method());
      if (!record.keys().isEmpty()) {
        out.name("keys").beginArray();
        for (Keys keys : record.keys()) {
          out.beginObject();
          put(out, "key", keys.key());
          if (!keys.end().isEmpty()) {
            put(out, "end", keys.end());
          }
          out.endObject();
        }
        out.endArray();
      }
      put(out, "subject", record.subject());
      put(out, "result", record.result());
      put(out, "reason", record.reason());
      if (record.revision() != 0) {
        out.name("revision").value(record.revision());
      }
      put(out, "write", record.write());
      out.endObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.append("\n").toString();
  }

  private static void put(JsonWriter out, String name, String value) throws IOException {
    if (!value.isEmpty()) {
      out.name(name).value(value);
    }
  }

  private static void put(JsonWriter out, String name, Bytes key) throws IOException {
    byte[] bytes = key.toArray();
    String text = text(bytes);
    if (text == null) {
      out.name(name + "_base64").value(Base64.getEncoder().encodeToString(bytes));
    } else {
      out.name(name).value(text);
    }
  }

  private static @Nullable String text(byte[] bytes) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      return null;
    }
  }

  /** The record of a line; null for a line that is no whole record, such as a torn last one. */
  public static @Nullable AuditRecord parse(String line) {
    try {
      JsonObject object = JsonParser.parseString(line).getAsJsonObject();
      return new AuditRecord(
          object.get("seq").getAsLong(),
          Instant.parse(object.get("time").getAsString()),
          string(object, "user"),
          string(object, "identity"),
          string(object, "source"),
          string(object, "method"),
          keys(object),
          string(object, "subject"),
          string(object, "result"),
          string(object, "reason"),
          object.has("revision") ? object.get("revision").getAsLong() : 0,
          string(object, "write"));
    } catch (JsonParseException
        | IllegalStateException
        | NullPointerException
        | NumberFormatException
        | DateTimeException _) {
      return null;
    }
  }

  private static String string(JsonObject object, String name) {
    JsonElement value = object.get(name);
    return value == null ? "" : value.getAsString();
  }

  private static List<Keys> keys(JsonObject object) {
    List<Keys> keys = new ArrayList<>();
    JsonArray array = object.getAsJsonArray("keys");
    if (array != null) {
      for (JsonElement each : array) {
        JsonObject one = each.getAsJsonObject();
        keys.add(new Keys(bytes(one, "key"), bytes(one, "end")));
      }
    }
    return keys;
  }

  private static Bytes bytes(JsonObject object, String name) {
    JsonElement base64 = object.get(name + "_base64");
    return base64 == null
        ? Bytes.utf8(string(object, name))
        : Bytes.wrap(Base64.getDecoder().decode(base64.getAsString()));
  }
}
