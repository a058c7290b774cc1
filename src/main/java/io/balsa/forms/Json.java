package io.balsa.forms;

import com.google.gson.stream.JsonWriter;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.balsa.proto.etcdserverpb.ResponseHeader;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Messages as {@code etcdctl -w json} prints them: the protocol's own field names, bytes in base64,
 * numbers as numbers, empty fields left out. The JSON gateway differs: it writes numbers of 64 bits
 * as strings.
 */
public final class Json {
  private Json() {}

  /** The content to write. */
  public interface Content {
    void writeTo(JsonWriter out) throws IOException;
  }

  /** JSON on one line, without blanks. */
  public static String text(Content content) {
    StringWriter text = new StringWriter();
    try (JsonWriter out = new JsonWriter(text)) {
      content.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** Writes a message as an object. */
  public static void write(JsonWriter out, Message message) throws IOException {
    out.beginObject();
    writeFields(out, message);
    out.endObject();
  }

  /** Writes a message's fields into an object that is open. */
  static void writeFields(JsonWriter out, Message message) throws IOException {
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      if (field.getKey().getContainingType().equals(ResponseHeader.getDescriptor())
          && field.getKey().getNumber() == ResponseHeader.LEADER_ID_FIELD_NUMBER) {
        continue; // etcd's headers have no such field
      }
      out.name(field.getKey().getName());
      writeField(out, field.getKey(), field.getValue());
    }
  }

  private static void writeField(JsonWriter out, FieldDescriptor descriptor, Object value)
      throws IOException {
    if (!descriptor.isRepeated()) {
      writeSingle(out, descriptor, value);
      return;
    }
    out.beginArray();
    for (Object each : (List<?>) value) {
      writeSingle(out, descriptor, each);
    }
    out.endArray();
  }

  private static void writeSingle(JsonWriter out, FieldDescriptor descriptor, Object value)
      throws IOException {
    switch (value) {
      case Message message -> write(out, message);
      case ByteString bytes -> out.value(base64(bytes));
      case EnumValueDescriptor constant -> out.value(constant.getNumber());
      case Long number when isUnsigned(descriptor) ->
          out.value(new BigInteger(Long.toUnsignedString(number)));
      case Integer number when isUnsigned(descriptor) -> out.value(Integer.toUnsignedLong(number));
      case Number number -> out.value(number);
      case Boolean flag -> out.value(flag);
      default -> out.value(value.toString());
    }
  }

  static String base64(ByteString bytes) {
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  private static boolean isUnsigned(FieldDescriptor descriptor) {
    return descriptor.getType() == FieldDescriptor.Type.UINT64
        || descriptor.getType() == FieldDescriptor.Type.UINT32;
  }
}
