package io.balsa.host;

import java.io.IOException;

/** A data directory that cannot be used; the message is one line saying why and what to do. */
public final class DirectoryRefused extends IOException {
  private static final long serialVersionUID = 1;

  DirectoryRefused(String message, Throwable cause) {
    super(message, cause);
  }

  DirectoryRefused(String message) {
    super(message);
  }
}
