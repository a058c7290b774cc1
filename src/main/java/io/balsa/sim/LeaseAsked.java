package io.balsa.sim;

import io.balsa.model.Result;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A call about leases, and what became of it. */
final class LeaseAsked {
  final LeaseCall call;
  final long sentAt;

  /** The newest revision that any answer had told when it was sent. */
  final long newest;

  /** What follows its end. */
  final Consumer<LeaseAsked> then;

  long endedAt;
  Asked.Ending ending = Asked.Ending.OPEN;
  @Nullable Result result;

  LeaseAsked(LeaseCall call, long sentAt, long newest, Consumer<LeaseAsked> then) {
    this.call = call;
    this.sentAt = sentAt;
    this.newest = newest;
    this.then = then;
  }

  void ends(Asked.Ending how, @Nullable Result answer, long now) {
    ending = how;
    result = answer;
    endedAt = now;
  }

  /** The seconds of life that its answer promised; 0 when it promised none. */
  long promised() {
    return switch (result) {
      case Result.LeaseGrant granted -> granted.ttl();
      case Result.LeaseTime time -> Math.max(0, time.left());
      case null -> 0;
      default -> 0;
    };
  }

  /** Whether it was told that the lease is not there. */
  boolean isToldGone() {
    return result instanceof Result.Refused
        || (result instanceof Result.LeaseTime time && time.left() < 0);
  }

  @Override
  public String toString() {
    return String.format(
        "%s to %s: %s %s %s",
        Trace.seconds(sentAt),
        ending == Asked.Ending.OPEN ? "?" : Trace.seconds(endedAt),
        call,
        ending,
        result == null ? "" : result);
  }
}
