package io.balsa.cli;

import io.balsa.ctl.FailureText;
import io.balsa.front.FrontFailure;
import io.balsa.processes.InstrumentFailure;

/** Failures as one line for the user. */
public final class Failures {
  private Failures() {}

  /** The failure's message; with its class when the message was not written for users. */
  static String line(Exception failure) {
    return switch (failure) {
      case InstrumentFailure drill -> FailureText.message(drill);
      case FrontFailure front -> FailureText.message(front);
      default -> FailureText.line(failure);
    };
  }
}
