package io.balsa.drill;

/** What was to be done could not be done; the message is one line for people. */
public final class DrillFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  DrillFailure(String message) {
    super(message);
  }

  DrillFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
