package io.balsa.processes;

/** What was to be done could not be done; the message is one line for people. */
public final class InstrumentFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  public InstrumentFailure(String message) {
    super(message);
  }

  public InstrumentFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
