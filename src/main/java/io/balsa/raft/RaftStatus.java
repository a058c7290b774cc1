package io.balsa.raft;

import java.util.List;

/**
 * A server's state at one moment, for people and metrics.
 *
 * @param leader the id of the leader; 0 when this server knows none
 * @param first the first index still in the log
 * @param followers the leader's view of the other servers; empty on a server that does not lead
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
  static RaftStatus of(ServerState server, RoleState state) {
    return new RaftStatus(
        server.self,
        state.role(),
        server.currentTerm(),
        state.leader(),
        server.log.start().index() + 1,
        server.log.last(),
        server.log.durableIndex(),
        server.applying.commitIndex(),
        server.configuration(),
        followers(server, state));
  }

  private static List<Follower> followers(ServerState server, RoleState state) {
    return state instanceof Leader leader
        ? leader.followers().all().stream().map(each -> of(server, each)).toList()
        : List.of();
  }

  private static Follower of(ServerState server, Progress follower) {
    return new Follower(
        follower.id,
        follower.state(),
        follower.matchIndex(),
        follower.nextIndex(),
        follower.isActive(server.now()));
  }

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
