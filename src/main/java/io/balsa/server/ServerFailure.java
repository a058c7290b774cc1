package io.balsa.server;

import io.balsa.front.FrontFailure;
import io.balsa.host.DirectoryRefused;
import io.balsa.node.StartupFailure;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A server that cannot start. The message is one line: what is wrong and what to do. */
public final class ServerFailure extends Exception {
  private static final long serialVersionUID = 1;

  ServerFailure(String message) {
    super(message);
  }

  ServerFailure(String message, Throwable cause) {
    super(message, cause);
  }

  static ServerFailure of(StartupFailure failure) {
    return because(failure);
  }

  static ServerFailure of(FrontFailure failure) {
    return because(failure);
  }

  static ServerFailure of(UncheckedIOException failure) {
    return because(failure);
  }

  /** An exception of the JDK often says only a file's name; its class says what is wrong. */
  static ServerFailure of(IOException failure) {
    return failure instanceof DirectoryRefused
        ? because(failure)
        : new ServerFailure(failure.getClass().getSimpleName() + ": " + words(failure), failure);
  }

  private static ServerFailure because(Exception failure) {
    return new ServerFailure(words(failure), failure);
  }

  private static String words(Exception failure) {
    return String.valueOf(failure.getMessage()).replaceAll("\\s*\\R\\s*", " ");
  }
}
