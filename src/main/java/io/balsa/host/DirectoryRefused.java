package io.balsa.host;

import java.io.IOException;
import java.nio.file.Path;

/** A data directory that cannot be used; the message is one line saying why and what to do. */
public final class DirectoryRefused extends IOException {
  private static final long serialVersionUID = 1;

  DirectoryRefused(String message, Throwable cause) {
    super(message, cause);
  }

  DirectoryRefused(String message) {
    super(message);
  }

  /** With the directory before the words. */
  DirectoryRefused of(Path directory) {
    return new DirectoryRefused("data directory " + directory + " " + getMessage(), this);
  }
}
