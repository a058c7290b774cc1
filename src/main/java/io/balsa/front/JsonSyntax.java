package io.balsa.front;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import org.jspecify.annotations.Nullable;

/**
 * Checks a text before protobuf's parser reads it. The text must be JSON of RFC 8259, with strings
 * and booleans where the message has them. Protobuf's parser also accepts names without quotes,
 * single quotes, comments, a number or {@code true} as a string, and {@code "true"} as a boolean.
 * etcd refuses all of these. Unlike etcd, this class bounds depth and number of the values.
 *
 * <p>Gson's strict reader cannot replace it. That reader does not tell at which character the first
 * value ends, and etcd ignores the rest of the text. It also accepts a byte order mark, accepts
 * control characters in strings that it skips, and refuses numbers of over 1,024 characters.
 */
final class JsonSyntax {
  /** The limit of protobuf's parser. */
  private static final int DEPTH_MAX = 100;

  /** As objects in memory, values are many times larger than in the text. */
  static final int VALUES_MAX = 50_000;

  private final String text;
  private int at;
  private int values;

  private JsonSyntax(String text) {
    this.text = text;
  }

  /**
   * The first value of a text. As in etcd, the text after it is ignored.
   *
   * @param message the message that the value is for
   * @throws InvalidProtocolBufferException with the first wrong character, counted from 1, or with
   *     the field that takes another kind of value
   */
  static String first(String text, Message.Builder message) throws InvalidProtocolBufferException {
    JsonSyntax syntax = new JsonSyntax(text);
    if (syntax.next() == '{') {
      syntax.object(0, message.getDescriptorForType());
    } else {
      syntax.value(0, null);
    }
    return text.substring(0, syntax.at);
  }

  private InvalidProtocolBufferException unexpected() {
    return new InvalidProtocolBufferException(
        at < text.length()
            ? "unexpected character at " + (at + 1)
            : "the text ends before the value does");
  }

  private void skipSpace() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  /** The next character that is not space; 0 at the end. */
  private char next() {
    skipSpace();
    return at < text.length() ? text.charAt(at) : 0;
  }

  private boolean skip(char c) {
    if (next() != c) {
      return false;
    }
    at++;
    return true;
  }

  private void expect(char c) throws InvalidProtocolBufferException {
    if (!skip(c)) {
      throw unexpected();
    }
  }

  private void value(int depth, @Nullable FieldDescriptor field)
      throws InvalidProtocolBufferException {
    if (depth > DEPTH_MAX) {
      throw new InvalidProtocolBufferException("nested deeper than " + DEPTH_MAX);
    }
    if (++values > VALUES_MAX) {
      throw new InvalidProtocolBufferException("more than " + VALUES_MAX + " values");
    }
    char first = next();
    switch (first) {
      case '{' -> object(depth, messageOf(field));
      case '[' -> array(depth, field);
      case '"' -> string();
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      default -> number();
    }
    if (field != null && "{[n".indexOf(first) < 0) {
      expectKind(field, first == '"');
    }
  }

  private static @Nullable Descriptor messageOf(@Nullable FieldDescriptor field) {
    return field != null && field.getJavaType() == JavaType.MESSAGE ? field.getMessageType() : null;
  }

  private static void expectKind(FieldDescriptor field, boolean quoted)
      throws InvalidProtocolBufferException {
    switch (field.getJavaType()) {
      case STRING, BYTE_STRING -> {
        if (!quoted) {
          throw new InvalidProtocolBufferException(field.getName() + " takes a text in quotes");
        }
      }
      case BOOLEAN -> {
        if (quoted) {
          throw new InvalidProtocolBufferException(field.getName() + " takes true or false");
        }
      }
      case INT, LONG, FLOAT, DOUBLE, ENUM, MESSAGE -> {} // protobuf's parser checks these
    }
  }

  private void object(int depth, @Nullable Descriptor type) throws InvalidProtocolBufferException {
    expect('{');
    if (skip('}')) {
      return;
    }
    do {
      if (next() != '"') {
        throw unexpected();
      }
      int from = at + 1;
      string();
      FieldDescriptor field = type == null ? null : field(type, text.substring(from, at - 1));
      expect(':');
      value(depth + 1, field);
    } while (skip(','));
    expect('}');
  }

  /** The field of a name, as in the protocol or as in JSON. */
  private static @Nullable FieldDescriptor field(Descriptor type, String name) {
    for (FieldDescriptor field : type.getFields()) {
      if (field.getName().equals(name) || field.getJsonName().equals(name)) {
        return field;
      }
    }
    return null;
  }

  private void array(int depth, @Nullable FieldDescriptor field)
      throws InvalidProtocolBufferException {
    expect('[');
    if (skip(']')) {
      return;
    }
    do {
      value(depth + 1, field);
    } while (skip(','));
    expect(']');
  }

  private void word(String word) throws InvalidProtocolBufferException {
    if (!text.startsWith(word, at)) {
      throw unexpected();
    }
    at += word.length();
  }

  private void string() throws InvalidProtocolBufferException {
    at++;
    while (at < text.length() && text.charAt(at) >= ' ') {
      char c = text.charAt(at++);
      if (c == '"') {
        return;
      }
      if (c == '\\') {
        escape();
      }
    }
    throw unexpected();
  }

  private void escape() throws InvalidProtocolBufferException {
    if (at < text.length() && text.charAt(at) == 'u') {
      at++;
      for (int i = 0; i < 4; i++) {
        if (at >= text.length() || Character.digit(text.charAt(at), 16) < 0) {
          throw unexpected();
        }
        at++;
      }
    } else if (at < text.length() && "\"\\/bfnrt".indexOf(text.charAt(at)) >= 0) {
      at++;
    } else {
      throw unexpected();
    }
  }

  private void number() throws InvalidProtocolBufferException {
    step('-');
    if (!step('0')) {
      digits();
    }
    if (step('.')) {
      digits();
    }
    if (step('e') || step('E')) {
      if (!step('+')) {
        step('-');
      }
      digits();
    }
  }

  /** Like {@link #skip}, but does not skip space. */
  private boolean step(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void digits() throws InvalidProtocolBufferException {
    int from = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == from) {
      throw unexpected();
    }
  }
}
