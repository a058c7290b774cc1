package io.balsa.host;

import io.balsa.bytes.Told;
import java.lang.System.Logger.Level;

/**
 * Answers that could not be made or sent, for want of memory or by a fault. Each is its client's
 * loss alone. The log has one line a minute for all of them, so that no client floods it.
 */
public final class LostAnswers {
  private static final System.Logger LOG = System.getLogger("io.balsa.host");
  private static final Told TOLD = new Told();

  private LostAnswers() {}

  /** One more is lost; from any thread. */
  public static void add(Throwable failure) {
    long times = TOLD.happened(System.nanoTime());
    if (times > 0) {
      LOG.log(
          Level.WARNING,
          "an answer could not be made or sent ({0}; {1} times since the last such line)",
          failure,
          times);
    }
  }
}
