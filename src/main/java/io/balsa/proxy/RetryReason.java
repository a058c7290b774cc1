package io.balsa.proxy;

import io.balsa.routing.RetryRule;
import java.util.Locale;

/** Why a request is sent again. */
enum RetryReason {
  /** It never was on a connection. */
  UNSENT,
  /** The server said that it cannot serve. */
  REFUSED,
  /** The server said that it does not lead. */
  NOT_LEADER,
  /** The connection broke, or the server fell silent, after it was sent. */
  BROKEN,
  /** There was no room here for the answer. */
  ROOM;

  static RetryReason after(RetryRule.Failure failure, boolean sent) {
    if (!sent) {
      return UNSENT;
    }
    return switch (failure) {
      case NOT_LEADER -> NOT_LEADER;
      case BROKEN -> BROKEN;
      case UNAVAILABLE, TIMED_OUT, ANSWERED -> REFUSED;
    };
  }

  /** As a label of the metric. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
