package io.balsa.logging;

import java.io.IOException;
import java.util.logging.Level;

/** Takes finished lines. Called by one thread at a time. */
interface LogOutput {
  /**
   * Writes one line at once, unbuffered.
   *
   * @param line the bytes of the line with its line end
   */
  void write(Level level, byte[] line) throws IOException;

  /** As the operator named it. */
  String name();
}
