package io.balsa.ctl;

/** Input that cannot be used. The message is one line; the exit code is 2. */
public final class BadInput extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The message says what is wrong and what to do. */
  public BadInput(String message) {
    super(message);
  }
}
