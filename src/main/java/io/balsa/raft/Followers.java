package io.balsa.raft;

import io.balsa.raft.Message.Heartbeat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A leader's followers, in the order of the configuration, and what a quorum has reached. */
final class Followers {
  private final ServerState server;
  private final List<Progress> all;

  Followers(ServerState server) {
    this.server = server;
    long next = server.log.last().index() + 1;
    all =
        server.others().stream()
            .map(id -> new Progress(id, server.config, next, server.now()))
            .toList();
  }

  List<Progress> all() {
    return all;
  }

  @Nullable Progress find(long id) {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).id == id) {
        return all.get(i);
      }
    }
    return null;
  }

  /** The last index that is durable on a quorum; the leader counts with its own durable index. */
  long agreedIndex() {
    return Quorum.agreed(
        server.configuration(),
        id -> {
          Progress follower = find(id);
          return follower == null ? server.log.durableIndex() : follower.matchIndex();
        });
  }

  /** Whether a quorum has answered within an election timeout (CheckQuorum, thesis 6.2). */
  boolean quorumIsActive() {
    return Quorum.reached(
        server.configuration(),
        id -> {
          Progress follower = find(id);
          return follower == null || follower.isActive(server.now());
        });
  }

  /**
   * Whether a quorum has confirmed a read round.
   *
   * @param voice the id of a server that counts without having answered the round
   */
  boolean isConfirmed(long round, long voice) {
    return Quorum.reached(
        server.configuration(),
        id -> {
          Progress follower = find(id);
          return follower == null || id == voice || follower.confirmedRound() >= round;
        });
  }

  /** Sends a heartbeat to all followers; their answers confirm the round. */
  void heartbeat(long round) {
    for (Progress follower : all) {
      heartbeat(follower, round);
    }
  }

  void heartbeat(Progress follower, long round) {
    long commit = follower.commitFor(server.applying.commitIndex());
    follower.sentCommit(commit);
    server.send(follower.id, new Heartbeat(server.currentTerm(), commit, round));
  }
}
