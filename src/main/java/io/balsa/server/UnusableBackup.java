package io.balsa.server;

import java.nio.file.Path;

/** A file that is missing, damaged or not a backup. The message is one line. */
public final class UnusableBackup extends Exception {
  private static final long serialVersionUID = 1;

  private final String reason;

  private UnusableBackup(String message, String reason) {
    super(message);
    this.reason = reason;
  }

  static UnusableBackup missing(Path file) {
    String message = "there is no file " + file;
    return new UnusableBackup(message, message);
  }

  static UnusableBackup damaged(Path file, String reason) {
    return new UnusableBackup(file + " cannot be used: " + reason, reason);
  }

  /** What is wrong with the file, without its name. */
  public String reason() {
    return reason;
  }
}
