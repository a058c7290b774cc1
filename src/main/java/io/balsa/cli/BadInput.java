package io.balsa.cli;

/** What the user gave cannot be used; one clear line, and exit code 2. */
final class BadInput extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With what was wrong and what to do. */
  BadInput(String message) {
    super(message);
  }
}
