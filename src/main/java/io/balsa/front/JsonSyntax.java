package io.balsa.front;

import com.google.protobuf.InvalidProtocolBufferException;

/**
 * Whether a text is JSON, as RFC 8259 has it. protobuf's parser reads more than that: names without
 * quotes, single quotes, comments. etcd refuses these.
 */
final class JsonSyntax {
  /** What protobuf's parser allows too. */
  private static final int DEPTH_MAX = 100;

  private final String text;
  private int at;

  private JsonSyntax(String text) {
    this.text = text;
  }

  /**
   * The first value in a text. What stands behind it is not looked at, as etcd does not.
   *
   * @throws InvalidProtocolBufferException saying at which character it is none
   */
  static String first(String text) throws InvalidProtocolBufferException {
    JsonSyntax syntax = new JsonSyntax(text);
    syntax.value(0);
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

  private void value(int depth) throws InvalidProtocolBufferException {
    if (depth > DEPTH_MAX) {
      throw new InvalidProtocolBufferException("nested deeper than " + DEPTH_MAX);
    }
    switch (next()) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      default -> number();
    }
  }

  private void object(int depth) throws InvalidProtocolBufferException {
    expect('{');
    if (skip('}')) {
      return;
    }
    do {
      if (next() != '"') {
        throw unexpected();
      }
      string();
      expect(':');
      value(depth + 1);
    } while (skip(','));
    expect('}');
  }

  private void array(int depth) throws InvalidProtocolBufferException {
    expect('[');
    if (skip(']')) {
      return;
    }
    do {
      value(depth + 1);
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
