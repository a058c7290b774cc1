package io.balsa.node;

import io.balsa.host.Host;
import io.balsa.host.Lane;
import io.balsa.lanes.Outcome;
import java.util.function.Consumer;

/** Takes requests to move the leadership to the raft lane, with their deadline. */
final class LeadershipMoves {
  private final Host host;
  private final Lane lane;
  private final long timeoutNanos;
  private final RaftLane raft;
  private final Transfers transfers;

  LeadershipMoves(Host host, Lane lane, long timeoutNanos, RaftLane raft, Transfers transfers) {
    this.host = host;
    this.lane = lane;
    this.timeoutNanos = timeoutNanos;
    this.raft = raft;
    this.transfers = transfers;
  }

  /**
   * Asks for a move; from any thread.
   *
   * @param target the member id, or {@link Transfers#ANYBODY}
   * @param done gets the outcome once
   */
  void move(long target, Consumer<Outcome> done) {
    long deadline = host.clock().nanos() + timeoutNanos;
    lane.run(
        () ->
            transfers
                .ask(target, raft.role(), raft.status().configuration(), deadline, done)
                .ifPresent(raft::step));
  }
}
