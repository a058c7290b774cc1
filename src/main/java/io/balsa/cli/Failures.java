package io.balsa.cli;

import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.FailureText;
import io.balsa.ctl.FileTroubles;
import io.balsa.front.FrontFailure;
import io.balsa.processes.InstrumentFailure;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Failures as one line for the user. */
final class Failures {
  private Failures() {}

  /**
   * The failure's message; with its class when the message was not written for users.
   *
   * @param client what the command was asked; null when it asks no cluster
   */
  static String line(Exception failure, @Nullable ClientOptions client) {
    return switch (failure) {
      case InstrumentFailure drill when drill.getCause() instanceof IOException file ->
          FailureText.message(drill) + ": " + FileTroubles.line(file);
      case InstrumentFailure drill -> FailureText.message(drill);
      case FrontFailure front -> FailureText.message(front);
      default -> FailureText.line(failure, client);
    };
  }
}
