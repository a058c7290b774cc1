package io.balsa.logging;

import java.lang.System.Logger;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/**
 * One kind of log line. A class declares each kind once, in a constant; {@code docs/operations.md}
 * lists all kinds. A warning and an error cannot be declared without a hint for the operator.
 *
 * <p>Lines go to {@link System.Logger}, so a program that embeds a server gets them in its own log.
 * Any thread may log. A line below the level in force costs one comparison.
 */
public final class LogEvent {
  private static final @Nullable ResourceBundle NO_BUNDLE = null;

  private final Logger log;
  private final Severity severity;
  private final String words;
  private final String hint;

  private LogEvent(String logger, Severity severity, String words, String hint) {
    this.log = System.getLogger(logger);
    this.severity = severity;
    this.words = words;
    this.hint = hint;
  }

  /** How grave a line is. */
  public enum Severity {
    DEBUG(Logger.Level.DEBUG),
    INFO(Logger.Level.INFO),
    WARN(Logger.Level.WARNING),
    ERROR(Logger.Level.ERROR),
    /** The process ends after the line. */
    FATAL(Logger.Level.ERROR);

    private final Logger.Level level;

    Severity(Logger.Level level) {
      this.level = level;
    }
  }

  /**
   * A detail for an engineer.
   *
   * @param logger the name of the logger: the room's package
   * @param words what happened, without numbers and names; these are fields
   */
  public static LogEvent debug(String logger, String words) {
    return new LogEvent(logger, Severity.DEBUG, words, "");
  }

  /** An event of normal operation. */
  public static LogEvent info(String logger, String words) {
    return new LogEvent(logger, Severity.INFO, words, "");
  }

  /**
   * Something that needs attention.
   *
   * @param hint what the operator can do
   */
  public static LogEvent warn(String logger, String words, String hint) {
    return new LogEvent(logger, Severity.WARN, words, needed(hint));
  }

  /**
   * A fault.
   *
   * @param hint what the operator can do
   */
  public static LogEvent error(String logger, String words, String hint) {
    return new LogEvent(logger, Severity.ERROR, words, needed(hint));
  }

  /**
   * The reason why the process ends itself.
   *
   * @param hint what the operator can do
   */
  public static LogEvent fatal(String logger, String words, String hint) {
    return new LogEvent(logger, Severity.FATAL, words, needed(hint));
  }

  private static String needed(String hint) {
    if (hint.isBlank()) {
      throw new IllegalArgumentException("a warning says what to do");
    }
    return hint;
  }

  /** Whether such lines are logged. */
  public boolean isOn() {
    return log.isLoggable(severity.level);
  }

  /**
   * Logs a line.
   *
   * @param fields names and values in turn. A duration is logged as etcd writes it, a number as a
   *     number, a list as a list, everything else by its {@code toString}
   */
  public void log(Object... fields) {
    if (isOn()) {
      log.log(severity.level, NO_BUNDLE, "{0}", new LogLine(this, fields));
    }
  }

  /** Logs a line about a failure that Balsa did not foresee, with its stack trace. */
  public void log(Throwable failure, Object... fields) {
    if (isOn()) {
      log.log(severity.level, NO_BUNDLE, new LogLine(this, fields).toString(), failure);
    }
  }

  public Severity severity() {
    return severity;
  }

  /** What happened. */
  public String words() {
    return words;
  }

  /** What the operator can do; empty for lines that need nothing. */
  public String hint() {
    return hint;
  }
}
