package io.balsa.cli;

import io.balsa.client.RequestFailed;
import io.balsa.front.FrontFailure;
import io.balsa.processes.InstrumentFailure;
import io.balsa.server.BadSettings;
import io.balsa.server.ServerFailure;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Failures as one line for the user. */
final class Failures {
  private Failures() {}

  /** The failure's message; with its class when the message was not written for users. */
  static String line(Exception failure) {
    return switch (failure) {
      case BadInput input -> words(input);
      case InstrumentFailure drill -> words(drill);
      case ServerFailure server -> words(server);
      case BadSettings settings -> words(settings);
      case FrontFailure front -> words(front);
      case RequestFailed request -> words(request);
      case UncheckedIOException wrapped -> words(wrapped);
      case IOException machine -> machine.getClass().getSimpleName() + ": " + words(machine);
      default -> failure.toString().replaceAll("\\s*\\R\\s*", " ");
    };
  }

  private static String words(Exception failure) {
    return String.valueOf(failure.getMessage()).replaceAll("\\s*\\R\\s*", " ");
  }
}
