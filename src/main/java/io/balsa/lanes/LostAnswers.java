package io.balsa.lanes;

import io.balsa.logging.LogEvent;
import io.balsa.logging.RareLine;

/**
 * Logs, now and then, that answers could not be made or sent, for lack of memory or because of a
 * fault. Only the clients of these answers are affected.
 */
public final class LostAnswers {
  private static final LogEvent LOST =
      LogEvent.warn(
          "io.balsa.node",
          "an answer could not be made or sent",
          "give the server more heap; report the error if it is not one of memory");

  private static final RareLine LINE = new RareLine(LOST);

  private LostAnswers() {}

  /** Another answer is lost; from any thread. */
  public static void add(Throwable failure) {
    LINE.happened("error", failure);
  }
}
