package io.balsa.raft;

import java.util.List;

/**
 * A server's state at one moment, for people and metrics.
 *
 * @param leader 0 when nobody is known to lead
 * @param first the first index still in the log
 * @param followers a leader's view of the others; empty elsewhere
 */
public record RaftStatus(
    long self,
    Role role,
    long term,
    long leader,
    long first,
    LogPosition last,
    long durableIndex,
    long commitIndex,
    Configuration configuration,
    List<Follower> followers) {
  /**
   * A leader's view of one follower.
   *
   * @param state probing, replicating or getting a snapshot
   * @param active whether it answered within the last election timeout
   */
  public record Follower(
      long id, ReplicationState state, long matchIndex, long nextIndex, boolean active) {}

  /** How a leader replicates to a follower. */
  public enum ReplicationState {
    /** One message at a time, to find where the logs match. */
    PROBE,
    /** Pipelined. */
    REPLICATE,
    /** A snapshot is on its way. */
    SNAPSHOT
  }
}
