package io.balsa.host;

import io.balsa.bytes.Told;
import java.lang.System.Logger.Level;

/**
 * A log line that clients can cause as often as they like. The log gets one a minute, with the
 * number of events since.
 */
public final class RareLine {
  private final System.Logger log;
  private final Level level;
  private final String words;
  private final Told told = new Told();

  /**
   * A line that was not logged yet.
   *
   * @param logger the name of the log
   * @param level that of the line
   * @param words what happened
   */
  public RareLine(String logger, Level level, String words) {
    this.log = System.getLogger(logger);
    this.level = level;
    this.words = words;
  }

  /**
   * Counts the event once more and logs a line if one is due; from any thread.
   *
   * @param detail what the line says about this event
   */
  public void happened(Object detail) {
    long times = told.happened(System.nanoTime());
    if (times > 0) {
      log.log(level, "{0} ({1}; {2} times since the last such line)", words, detail, times);
    }
  }
}
