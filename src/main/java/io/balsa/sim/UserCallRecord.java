package io.balsa.sim;

import io.balsa.model.Caller;
import io.balsa.model.Result;
import io.balsa.model.WriteId;
import org.jspecify.annotations.Nullable;

/** A call of a user, and its outcome. */
final class UserCallRecord {
  final UserCall call;
  final Caller caller;
  final WriteId write;
  final long calledAt;
  long endedAt;
  CallRecord.Ending ending = CallRecord.Ending.OPEN;
  @Nullable Result result;

  UserCallRecord(UserCall call, Caller caller, WriteId write, long calledAt) {
    this.call = call;
    this.caller = caller;
    this.write = write;
    this.calledAt = calledAt;
  }

  void ends(CallRecord.Ending how, @Nullable Result answer, long now) {
    ending = how;
    result = answer;
    endedAt = now;
  }

  @Override
  public String toString() {
    return String.format(
        "%s, %s to %s: %s %s %s",
        caller,
        Trace.seconds(calledAt),
        ending == CallRecord.Ending.OPEN ? "?" : Trace.seconds(endedAt),
        call,
        ending,
        result == null ? "" : result);
  }
}
