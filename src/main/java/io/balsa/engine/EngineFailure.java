package io.balsa.engine;

import io.balsa.bytes.Fatal;
import org.jspecify.annotations.Nullable;

/** The store failed: its files are damaged, or the machine refused. The process must not go on. */
public final class EngineFailure extends RuntimeException implements Fatal {
  private static final long serialVersionUID = 1;

  /** With a line that says what was tried, and the cause. */
  public EngineFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
