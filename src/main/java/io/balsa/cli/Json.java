package io.balsa.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.balsa.bytes.JsonText;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Messages as {@code etcdctl -w json} prints them: the protocol's own field names, bytes in base64,
 * numbers as numbers, empty fields left out. (The gateway's form differs: there numbers of 64 bits
 * are strings.)
 */
final class Json {
  private Json() {}

  /** A message on one line. */
  static String of(Message message) {
    return message.getAllFields().entrySet().stream()
        .map(
            field ->
                JsonText.quoted(field.getKey().getName())
                    + ":"
                    + field(field.getKey(), field.getValue()))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String field(FieldDescriptor descriptor, Object value) {
    if (!descriptor.isRepeated()) {
      return single(descriptor, value);
    }
    return ((List<?>) value)
        .stream().map(each -> single(descriptor, each)).collect(Collectors.joining(",", "[", "]"));
  }

  private static String single(FieldDescriptor descriptor, Object value) {
    return switch (value) {
      case Message message -> of(message);
      case ByteString bytes ->
          JsonText.quoted(Base64.getEncoder().encodeToString(bytes.toByteArray()));
      case String text -> JsonText.quoted(text);
      case EnumValueDescriptor constant -> String.valueOf(constant.getNumber());
      case Long number when isUnsigned(descriptor) -> Long.toUnsignedString(number);
      case Integer number when isUnsigned(descriptor) -> Integer.toUnsignedString(number);
      default -> value.toString();
    };
  }

  private static boolean isUnsigned(FieldDescriptor descriptor) {
    return descriptor.getType() == FieldDescriptor.Type.UINT64
        || descriptor.getType() == FieldDescriptor.Type.UINT32;
  }
}
