package io.balsa.lanes;

import io.balsa.logging.RareLine;
import java.lang.System.Logger.Level;

/**
 * Answers that could not be made or sent, for want of memory or by a fault. Each is its client's
 * loss alone.
 */
public final class LostAnswers {
  private static final RareLine LINE =
      new RareLine("io.balsa.node", Level.WARNING, "an answer could not be made or sent");

  private LostAnswers() {}

  /** One more is lost; from any thread. */
  public static void add(Throwable failure) {
    LINE.happened(failure);
  }
}
