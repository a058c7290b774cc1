package io.balsa.ctl;

import io.balsa.client.RequestFailed;
import io.balsa.server.BadSettings;
import io.balsa.server.ServerFailure;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Failures of client commands as one line for the user. */
public final class FailureText {
  private FailureText() {}

  /** The failure's message; with its class when the message was not written for users. */
  public static String line(Exception failure) {
    return switch (failure) {
      case BadInput input -> message(input);
      case ServerFailure server -> message(server);
      case BadSettings settings -> message(settings);
      case RequestFailed request -> message(request);
      case UncheckedIOException wrapped -> message(wrapped);
      case IOException machine -> machine.getClass().getSimpleName() + ": " + message(machine);
      default -> onOneLine(failure.toString());
    };
  }

  /** The failure's own message on one line. */
  public static String message(Exception failure) {
    return onOneLine(String.valueOf(failure.getMessage()));
  }

  private static String onOneLine(String text) {
    return text.replaceAll("\\s*\\R\\s*", " ");
  }
}
