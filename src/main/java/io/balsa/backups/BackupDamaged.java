package io.balsa.backups;

/** A file that is no backup, or not whole any more: one line saying what is wrong with it. */
public final class BackupDamaged extends Exception {
  private static final long serialVersionUID = 1;

  /** With that line. */
  public BackupDamaged(String message) {
    super(message);
  }
}
