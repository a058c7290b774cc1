package io.balsa.front;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import org.jspecify.annotations.Nullable;

/**
 * Whether a text is JSON, as RFC 8259 has it, and its texts and truth values stand where a message
 * has such. protobuf's parser reads more than that: names without quotes, single quotes, comments,
 * a number or {@code true} for a text, {@code "true"} for a truth value. etcd refuses these. Unlike
 * etcd it bounds how many values there are.
 */
final class JsonSyntax {
  /** What protobuf's parser allows too. */
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
   * The first value in a text. What stands behind it is not looked at, as etcd does not.
   *
   * @param message what it is to be read into
   * @throws InvalidProtocolBufferException saying at which character it is none, or which field
   *     takes another kind of value
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

  /** The next character that is no space; 0 at the end. */
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
      case INT, LONG, FLOAT, DOUBLE, ENUM, MESSAGE -> {} // for the parser to judge
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

  /** By its name in the protocol, or the one in JSON. */
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

  /** Unlike {@link #skip}, does not look behind spaces. */
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
