package io.balsa.engine;

import io.balsa.bytes.Fatal;

/** The store failed: its files are damaged, or the machine refused. The process must not go on. */
public final class EngineFailure extends RuntimeException implements Fatal {
  private static final long serialVersionUID = 1;

  /** With what was tried and why it failed. */
  public EngineFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
