package io.balsa.proxy;

import io.balsa.routing.RetryRule;
import java.util.Locale;

/** Why the proxy sends a request again. */
enum RetryReason {
  /** It was on no connection. */
  UNSENT,
  /** The server said that it cannot serve. */
  REFUSED,
  /** The server said that it does not lead. */
  NOT_LEADER,
  /** The connection broke, or the server became silent, after the request was sent. */
  BROKEN,
  /** The proxy had no room for the answer. */
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

  /** The label of the metric. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
