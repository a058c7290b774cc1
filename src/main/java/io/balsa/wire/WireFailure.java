package io.balsa.wire;

/** Bytes that are not of the format expected. */
public final class WireFailure extends Exception {
  private static final long serialVersionUID = 1;

  /** With one line saying what was wrong. */
  public WireFailure(String message) {
    super(message);
  }
}
