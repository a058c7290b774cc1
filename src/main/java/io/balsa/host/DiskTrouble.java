package io.balsa.host;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Words for an exception of the file system, which often holds only a path. */
public final class DiskTrouble {
  private DiskTrouble() {}

  /** The reason and, when known, the file. */
  public static String words(IOException failure) {
    if (!(failure instanceof FileSystemException about)) {
      return String.valueOf(failure.getMessage());
    }
    String reason =
        switch (about) {
          case AccessDeniedException _ -> "permission denied";
          case FileAlreadyExistsException _ -> "there is something else of that name";
          case NoSuchFileException _ -> "no such file or directory";
          default -> about.getReason() == null ? "refused" : about.getReason();
        };
    return about.getFile() == null ? reason : about.getFile() + ": " + reason;
  }
}
