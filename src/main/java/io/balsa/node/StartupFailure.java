package io.balsa.node;

/** The server cannot start: one line saying what is wrong and what to do. */
public final class StartupFailure extends Exception {
  private static final long serialVersionUID = 1;

  /** With that line. */
  public StartupFailure(String message, Throwable cause) {
    super(message, cause);
  }

  /** With that line. */
  public StartupFailure(String message) {
    super(message);
  }
}
