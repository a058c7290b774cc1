package io.balsa.host;

import io.balsa.bytes.Told;
import java.lang.System.Logger.Level;

/**
 * A line that clients can bring about as often as they like: the log has one a minute, with how
 * often it happened.
 */
public final class RareLine {
  private final System.Logger log;
  private final Level level;
  private final String words;
  private final Told told = new Told();

  /**
   * A line that was never said.
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
   * It happened once more; from any thread.
   *
   * @param detail what the line says of the last time, if there is a line
   */
  public void happened(Object detail) {
    long times = told.happened(System.nanoTime());
    if (times > 0) {
      log.log(level, "{0} ({1}; {2} times since the last such line)", words, detail, times);
    }
  }
}
