package io.balsa.ctl;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Failures of files in words. Java's message is often no more than the name of the file. */
public final class FileTroubles {
  private FileTroubles() {}

  /** What is wrong with which file. */
  public static String line(IOException failure) {
    return switch (failure) {
      case NoSuchFileException missing -> missing(missing.getFile());
      case AccessDeniedException denied -> "permission denied: " + denied.getFile();
      case FileAlreadyExistsException other ->
          "there is something else of that name: " + other.getFile();
      case NotDirectoryException file -> "this is not a folder: " + file.getFile();
      case DirectoryNotEmptyException folder -> "the folder is not empty: " + folder.getFile();
      case FileSystemException other when other.getReason() != null ->
          other.getFile() + ": " + other.getReason();
      case UnknownHostException host -> "no address is known for the host " + host.getMessage();
      case CharacterCodingException _ -> "it is not text in UTF-8";
      case EOFException _ -> "it ends too early";
      default -> {
        String message = failure.getMessage();
        yield message == null ? failure.getClass().getSimpleName() : message;
      }
    };
  }

  /** The same for a wrapped failure, which may have a message of its own. */
  static String line(UncheckedIOException wrapped) {
    String own = String.valueOf(wrapped.getMessage());
    IOException cause = wrapped.getCause();
    if (cause == null) {
      return own;
    }
    return own.equals(cause.toString()) ? line(cause) : own + ": " + line(cause);
  }

  private static String missing(String file) {
    Path folder = Path.of(file).toAbsolutePath().getParent();
    return folder == null || Files.isDirectory(folder)
        ? "there is no file " + file
        : "there is no folder " + folder;
  }
}
