package io.balsa.cli;

/** The form of a log line: time, level, message; no stack trace. */
final class LogFormat {
  private LogFormat() {}

  /** Call this before the first log line. A system property set by the user wins. */
  static void set() {
    String property = "java.util.logging.SimpleFormatter.format";
    if (System.getProperty(property) == null) {
      System.setProperty(property, "%1$tFT%1$tT.%1$tL %4$s %5$s%n");
    }
  }
}
