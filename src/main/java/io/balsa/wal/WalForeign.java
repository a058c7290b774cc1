package io.balsa.wal;

import java.io.IOException;

/**
 * A log that this server must not use: another cluster's, another member's or one of an unknown
 * format. The message is one line; nothing on disk has been changed.
 */
public final class WalForeign extends IOException {
  private static final long serialVersionUID = 1;

  WalForeign(String message) {
    super(message);
  }
}
