package io.balsa.raft;

import io.balsa.raft.Message.PreVote;
import io.balsa.raft.Message.PreVoteReply;
import io.balsa.raft.Message.RequestVote;
import io.balsa.raft.Message.RequestVoteReply;

/** Answers vote and PreVote requests (thesis 3.4, 3.6.1, 9.6), in every role. */
final class Voting {
  private Voting() {}

  /**
   * Answers a PreVote; changes nothing here. A refusal has this server's term, so that a candidate
   * with a better log and a lower term learns the term that it needs.
   */
  static void answer(ServerState server, RoleState state, long from, PreVote message) {
    boolean granted =
        message.term() > server.currentTerm()
            && !state.hearsLeaderOtherThan(from)
            && message.last().isAtLeastAsUpToDateAs(server.log.last());
    long term = granted ? message.term() : server.currentTerm();
    server.send(from, new PreVoteReply(term, granted));
  }

  /**
   * Answers a request of the current term. The vote is sent when it is durable. It is sent again to
   * the same candidate, because the answer may have been lost.
   */
  static RoleState answer(ServerState server, RoleState state, long from, RequestVote message) {
    boolean again = server.votedFor() == from;
    boolean granted = again || mayVote(server, state, message);
    if (granted) {
      server.voteFor(from);
    }
    long after = granted ? server.persistTerm() : 0;
    server.sendAfter(after, from, new RequestVoteReply(server.currentTerm(), granted));
    return granted && !again ? Follower.havingVoted(server, after) : state;
  }

  private static boolean mayVote(ServerState server, RoleState state, RequestVote message) {
    return server.votedFor() == 0
        && state.leader() == 0
        && message.last().isAtLeastAsUpToDateAs(server.log.last());
  }

  /**
   * Whether to ignore a request of a later term, and not enter that term. A server that hears its
   * leader does so (thesis 4.2.3), unless that leader transfers its leadership (thesis 3.10).
   */
  static boolean isDisregarded(RoleState state, long from, RequestVote message) {
    return !message.transfer() && state.hearsLeaderOtherThan(from);
  }
}
