package io.balsa.logging;

import java.io.IOException;

/**
 * Sets up the log before its first line, in a process where no flag asks for another log. The JDK
 * makes an object of this class when it is named in the system property {@code
 * java.util.logging.config.class}. A process that logs nothing loads nothing of it.
 */
public final class FirstLogs {
  private static final String PROPERTY = "java.util.logging.config.class";

  /** The JDK calls it. */
  public FirstLogs() throws IOException {
    Logs.setUp(LogSettings.DEFAULTS, System.getenv("JOURNAL_STREAM"));
  }

  /** Call this before the first log line. A logging configuration of the user's wins. */
  public static void prepare() {
    if (System.getProperty(PROPERTY) == null
        && System.getProperty("java.util.logging.config.file") == null) {
      System.setProperty(PROPERTY, FirstLogs.class.getName());
    }
  }
}
