package io.balsa.lanes;

import io.balsa.logging.RareLine;
import java.lang.System.Logger.Level;

/**
 * Logs, now and then, that answers could not be made or sent, for lack of memory or because of a
 * fault. Only the clients of these answers are affected.
 */
public final class LostAnswers {
  private static final RareLine LINE =
      new RareLine("io.balsa.node", Level.WARNING, "an answer could not be made or sent");

  private LostAnswers() {}

  /** Another answer is lost; from any thread. */
  public static void add(Throwable failure) {
    LINE.happened(failure);
  }
}
