package io.balsa.cli;

/** What a logged line looks like: time, level, message, and no stack trace behind. */
final class LogFormat {
  private LogFormat() {}

  /** To be set before the first line; a system property given by the user wins. */
  static void set() {
    String property = "java.util.logging.SimpleFormatter.format";
    if (System.getProperty(property) == null) {
      System.setProperty(property, "%1$tFT%1$tT.%1$tL %4$s %5$s%n");
    }
  }
}
