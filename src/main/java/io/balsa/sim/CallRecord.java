package io.balsa.sim;

import io.balsa.lanes.Outcome;
import io.balsa.model.Result;
import io.balsa.model.WriteId;
import org.jspecify.annotations.Nullable;

/** A call of a client, and its outcome. */
final class CallRecord {
  /** How a call ended. */
  enum Ending {
    /** It has not ended. */
    OPEN,
    /** With an answer. */
    ANSWERED,
    /** It certainly had no effect. */
    REFUSED,
    /** It may have had an effect. */
    UNKNOWN;

    /** What a client knows about its call after a failure. */
    static Ending of(Outcome.Failure failure) {
      return switch (failure) {
        case NO_LEADER, TOO_MANY_REQUESTS, NOT_LEADER, NO_ROOM, CANCELLED, RESPONSE_TOO_LARGE ->
            Ending.REFUSED;
        case TIMED_OUT,
            TIMED_OUT_LEADER_LOST,
            ANSWER_DROPPED,
            ANSWER_FAILED,
            READ_FAILED,
            STOPPED,
            BAD_TRANSFEREE,
            TRANSFER_TIMED_OUT ->
            Ending.UNKNOWN;
      };
    }
  }

  final int client;
  final Call call;
  final long calledAt;
  long endedAt;
  Ending ending = Ending.OPEN;
  @Nullable Result result;

  /** The name of a write, with which the client repeats it after an unknown outcome. */
  WriteId write = WriteId.NONE;

  /** Runs when the call ends, instead of its client's next call; null for the next call. */
  @Nullable Runnable then;

  int repeats;

  /** Whether an attempt may have had an effect. */
  boolean maybeDone;

  CallRecord(int client, Call call, long calledAt) {
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
