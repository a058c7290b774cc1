package io.balsa.processes;

/**
 * A tool (playground, drill, verify, bench) could not do its work. The message is one line for the
 * user.
 */
public final class InstrumentFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  public InstrumentFailure(String message) {
    super(message);
  }

  public InstrumentFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
