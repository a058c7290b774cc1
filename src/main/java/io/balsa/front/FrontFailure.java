package io.balsa.front;

/** The port could not be opened. The message is one line with the cause and what to do. */
public final class FrontFailure extends Exception {
  private static final long serialVersionUID = 1;

  /** With one line that says what is wrong and what to do. */
  public FrontFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
