package io.balsa.server;

import io.balsa.front.FrontFailure;
import io.balsa.host.DirectoryRefused;
import io.balsa.host.DiskTrouble;
import io.balsa.node.StartupFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** A server that cannot start. The message is one line: what is wrong and what to do. */
public final class ServerFailure extends Exception {
  private static final long serialVersionUID = 1;

  private final boolean asked;

  ServerFailure(String message) {
    this(message, false);
  }

  private ServerFailure(String message, boolean asked) {
    super(message);
    this.asked = asked;
  }

  ServerFailure(String message, Throwable cause) {
    super(message, cause);
    asked = false;
  }

  /** The start that its caller cancelled. */
  static ServerFailure asked(String when) {
    return new ServerFailure("ended as asked, " + when, true);
  }

  /** Whether nothing is wrong: the caller cancelled the start. */
  public boolean isAsked() {
    return asked;
  }

  /** What is wrong with a data directory. */
  static ServerFailure of(Path directory, StartupFailure failure) {
    return new ServerFailure("data directory %s: %s".formatted(directory, words(failure)), failure);
  }

  static ServerFailure of(FrontFailure failure) {
    return because(failure);
  }

  static ServerFailure of(UncheckedIOException failure) {
    return because(failure);
  }

  /** An exception of the JDK often says only a file's name. */
  static ServerFailure of(IOException failure) {
    return failure instanceof DirectoryRefused
        ? because(failure)
        : new ServerFailure(DiskTrouble.words(failure).replaceAll("\\s*\\R\\s*", " "), failure);
  }

  private static ServerFailure because(Exception failure) {
    return new ServerFailure(words(failure), failure);
  }

  private static String words(Exception failure) {
    return String.valueOf(failure.getMessage()).replaceAll("\\s*\\R\\s*", " ");
  }
}
