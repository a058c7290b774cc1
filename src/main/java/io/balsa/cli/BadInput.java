package io.balsa.cli;

/** Input that cannot be used. The message is one line; the exit code is 2. */
final class BadInput extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The message says what is wrong and what to do. */
  BadInput(String message) {
    super(message);
  }
}
