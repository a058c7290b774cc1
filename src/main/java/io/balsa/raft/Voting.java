package io.balsa.raft;

import io.balsa.raft.Message.PreVote;
import io.balsa.raft.Message.PreVoteReply;
import io.balsa.raft.Message.RequestVote;
import io.balsa.raft.Message.RequestVoteReply;

/** How a server answers those who want to lead (thesis 3.4, 3.6.1, 9.6), whatever its role. */
final class Voting {
  private Voting() {}

  /**
   * Answers without changing anything here. A refusal carries the own term, so that a server with
   * the better log and a lower term learns in which term it can win.
   */
  static void answer(Server server, RoleState state, long from, PreVote message) {
    boolean granted =
        message.term() > server.currentTerm()
            && !state.hearsLeaderOtherThan(from)
            && message.last().isAtLeastAsUpToDateAs(server.log.last());
    long term = granted ? message.term() : server.currentTerm();
    server.send(from, new PreVoteReply(term, granted));
  }

  /**
   * Answers a request of the current term. A vote leaves when it is durable, and is given again to
   * the same candidate, for the answer may have been lost.
   */
  static RoleState answer(Server server, RoleState state, long from, RequestVote message) {
    boolean again = server.votedFor() == from;
    boolean granted = again || mayVote(server, state, message);
    if (granted) {
      server.voteFor(from);
    }
    long after = granted ? server.writeTerm() : 0;
    server.sendAfter(after, from, new RequestVoteReply(server.currentTerm(), granted));
    return granted && !again ? Follower.havingVoted(server, after) : state;
  }

  private static boolean mayVote(Server server, RoleState state, RequestVote message) {
    return server.votedFor() == 0
        && state.leader() == 0
        && message.last().isAtLeastAsUpToDateAs(server.log.last());
  }

  /**
   * Whether a request of a later term is refused without entering that term: a server that hears
   * its leader is not disturbed (thesis 4.2.3), unless that leader asked for it (thesis 3.10).
   */
  static boolean isDisregarded(RoleState state, long from, RequestVote message) {
    return !message.transfer() && state.hearsLeaderOtherThan(from);
  }
}
