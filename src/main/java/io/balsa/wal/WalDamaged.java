package io.balsa.wal;

import java.io.IOException;

/**
 * A forced record is not on the disk as it was written. The message is one line that names file and
 * offset and says what to do; nothing on disk has been changed.
 */
public final class WalDamaged extends IOException {
  private static final long serialVersionUID = 1;

  private static final String REMEDY =
      "; nothing was changed: keep the data directory. An empty one does not help, the other"
          + " members refuse it. When the undamaged disk is lost, save a backup at another member,"
          + " and restore every member from it";

  private WalDamaged(String message) {
    super(message);
  }

  static WalDamaged at(String file, long offset, String problem) {
    return new WalDamaged(
        "log segment %s is damaged at offset %d: %s%s".formatted(file, offset, problem, REMEDY));
  }

  static WalDamaged missing(String file) {
    return new WalDamaged(
        "log segment %s is missing (offset 0), later ones are there%s".formatted(file, REMEDY));
  }
}
