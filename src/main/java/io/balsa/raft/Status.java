package io.balsa.raft;

import java.util.List;

/** Reads a server's {@link RaftStatus}. */
final class Status {
  private Status() {}

  static RaftStatus of(Server server, RoleState state) {
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

  private static List<RaftStatus.Follower> followers(Server server, RoleState state) {
    return state instanceof Leader leader
        ? leader.followers().all().stream().map(each -> of(server, each)).toList()
        : List.of();
  }

  private static RaftStatus.Follower of(Server server, Progress follower) {
    return new RaftStatus.Follower(
        follower.id,
        follower.state(),
        follower.matchIndex(),
        follower.nextIndex(),
        follower.isActive(server.now()));
  }
}
