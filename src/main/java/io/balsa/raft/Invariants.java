package io.balsa.raft;

import io.balsa.bytes.Check;

/** Checks the invariants of one server, which hold between any two steps. */
final class Invariants {
  private Invariants() {}

  static void verify(ServerState server, RoleState state) {
    verifyLog(server);
    verifyTerms(server, state);
    if (state instanceof Leader leader) {
      leader.followers().all().forEach(follower -> verifyProgress(server, follower));
    }
  }

  private static void verifyLog(ServerState server) {
    RaftLog log = server.log;
    Applying applying = server.applying;
    Check.that(log.start().index() <= applying.handedOut(), "compacted entries are applied");
    Check.that(applying.handedOut() <= applying.commitIndex(), "applied entries are committed");
    Check.that(applying.commitIndex() <= log.last().index(), "committed entries are in the log");
    Check.that(log.durableIndex() <= log.last().index(), "durable entries are in the log");
    Check.that(
        log.durableIndex() >= log.last().index()
            || log.recent().contains(log.durableIndex() + 1)
            || log.durableIndex() < log.start().index(),
        "entries that are not durable are in memory");
    Check.that(log.termAt(log.last().index()) == log.last().term(), "the last term is known");
  }

  private static void verifyTerms(ServerState server, RoleState state) {
    Check.that(server.log.last().term() <= server.currentTerm(), "no entry is of a later term");
    boolean ownVote = server.votedFor() == server.self;
    switch (state) {
      case Follower _ -> Check.that(state.leader() != server.self, "a follower does not lead");
      case PreCandidate _ -> Check.that(state.leader() == 0, "a pre-candidate knows no leader");
      case Candidate _ -> Check.that(ownVote, "a candidate votes for itself");
      case Leader _ -> {
        Check.that(ownVote, "a leader voted for itself");
        Check.that(
            server.log.last().term() == server.currentTerm(), "a leader's log ends in its term");
      }
    }
  }

  private static void verifyProgress(ServerState server, Progress follower) {
    Check.that(follower.nextIndex() > follower.matchIndex(), "next is beyond match");
    Check.that(
        follower.nextIndex() <= server.log.last().index() + 1, "next is at most the log's end");
    Check.that(
        (follower.state() == RaftStatus.ReplicationState.SNAPSHOT) == (follower.snapshot() != null),
        "a snapshot goes with its state");
  }
}
