package io.balsa.backups;

/** A file that is no backup or is damaged; the message is one line that says what is wrong. */
public final class BackupDamaged extends Exception {
  private static final long serialVersionUID = 1;

  /** With the line that says what is wrong. */
  public BackupDamaged(String message) {
    super(message);
  }
}
