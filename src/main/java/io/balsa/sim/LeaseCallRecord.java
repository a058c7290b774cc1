package io.balsa.sim;

import io.balsa.model.Result;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A call about leases, and its outcome. */
final class LeaseCallRecord {
  final LeaseCall call;
  final long sentAt;

  /** The newest revision in any answer when the call was sent. */
  final long newest;

  /** Runs when the call ends. */
  final Consumer<LeaseCallRecord> then;

  long endedAt;
  CallRecord.Ending ending = CallRecord.Ending.OPEN;
  @Nullable Result result;

  LeaseCallRecord(LeaseCall call, long sentAt, long newest, Consumer<LeaseCallRecord> then) {
    this.call = call;
    this.sentAt = sentAt;
    this.newest = newest;
    this.then = then;
  }

  void ends(CallRecord.Ending how, @Nullable Result answer, long now) {
    ending = how;
    result = answer;
    endedAt = now;
  }

  /** The lifetime in seconds that the answer promised; 0 for none. */
  long promised() {
    return switch (result) {
      case Result.LeaseGrant granted -> granted.ttl();
      case Result.LeaseTime time -> Math.max(0, time.left());
      case null -> 0;
      default -> 0;
    };
  }

  /** Whether the answer was that the lease does not exist. */
  boolean isToldGone() {
    return result instanceof Result.Refused
        || (result instanceof Result.LeaseTime time && time.left() < 0);
  }

  @Override
  public String toString() {
    return String.format(
        "%s to %s: %s %s %s",
        Trace.seconds(sentAt),
        ending == CallRecord.Ending.OPEN ? "?" : Trace.seconds(endedAt),
        call,
        ending,
        result == null ? "" : result);
  }
}
