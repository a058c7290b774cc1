package io.balsa.logging;

import java.lang.System.Logger.Level;

/**
 * A log line about an event that others can cause as often as they like. The log has it at most
 * once a minute, with the number of events since the last line. Any thread may use it.
 */
public final class RareLine {
  private final System.Logger log;
  private final Level level;
  private final String words;
  private final LogThrottle throttle = new LogThrottle();

  /**
   * A line that has not appeared yet.
   *
   * @param logger the name of the logger
   * @param level the level of the line
   * @param words what the line says about the event
   */
  public RareLine(String logger, Level level, String words) {
    this.log = System.getLogger(logger);
    this.level = level;
    this.words = words;
  }

  /**
   * Counts one event, and logs the line if it is due.
   *
   * @param detail what the line says about the last event
   */
  public void happened(Object detail) {
    long times = throttle.happened(System.nanoTime());
    if (times > 0) {
      log.log(level, "{0} ({1}; {2} times since the last such line)", words, detail, times);
    }
  }

  /** How often the event has happened. */
  public long total() {
    return throttle.total();
  }
}
