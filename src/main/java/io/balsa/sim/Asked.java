package io.balsa.sim;

import io.balsa.model.Result;
import io.balsa.model.WriteId;
import org.jspecify.annotations.Nullable;

/** A call, and what became of it. */
final class Asked {
  /** How a call ended. */
  enum Ending {
    /** It has not. */
    OPEN,
    /** With an answer. */
    ANSWERED,
    /** It certainly had no effect. */
    REFUSED,
    /** Nobody knows. */
    UNKNOWN
  }

  final int client;
  final Call call;
  final long calledAt;
  long endedAt;
  Ending ending = Ending.OPEN;
  @Nullable Result result;

  /** The client's own name for a write that it repeats when nobody says what became of it. */
  WriteId write = WriteId.NONE;

  /** What follows its end instead of its client's next call; null for that. */
  @Nullable Runnable then;

  int repeats;

  /** Whether an attempt at it may have had an effect. */
  boolean maybeDone;

  Asked(int client, Call call, long calledAt) {
    this.client = client;
    this.call = call;
    this.calledAt = calledAt;
  }

  void ends(Ending how, @Nullable Result answer, long now) {
    ending = how;
    result = answer;
    endedAt = now;
  }

  @Override
  public String toString() {
    return String.format(
        "client %d, %s to %s: %s %s %s",
        client,
        Trace.seconds(calledAt),
        ending == Ending.OPEN ? "?" : Trace.seconds(endedAt),
        call,
        ending,
        result == null ? "" : result);
  }
}
