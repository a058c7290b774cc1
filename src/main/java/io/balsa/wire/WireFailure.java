package io.balsa.wire;

/** Thrown for bytes that are not of the expected format. */
public final class WireFailure extends Exception {
  private static final long serialVersionUID = 1;

  /** With one line that says what is wrong. */
  public WireFailure(String message) {
    super(message);
  }
}
