package io.balsa.raft;

import io.balsa.raft.Message.PreVote;
import io.balsa.raft.Message.PreVoteReply;

/** Asks whether an election could be won, without entering a new term (thesis 9.6). */
final class PreCandidate implements RoleState {
  private final ServerState server;
  private final Votes votes;
  private final Countdown retry;

  private PreCandidate(ServerState server) {
    this.server = server;
    votes = new Votes(server.configuration());
    retry = server.retry();
  }

  /** Asks all voters; a single voter becomes a candidate at once. */
  static RoleState start(ServerState server) {
    PreCandidate state = new PreCandidate(server);
    state.votes.count(server.self, true);
    server.otherVoters().forEach(state::ask);
    return state.votes.areWon() ? Candidate.start(server, false) : state;
  }

  private void ask(long voter) {
    server.send(voter, new PreVote(server.currentTerm() + 1, server.log.last()));
  }

  @Override
  public RoleState onPreVoteReply(long from, PreVoteReply message) {
    if (!message.granted()) {
      return this;
    }
    votes.count(from, true);
    return votes.areWon() ? Candidate.start(server, false) : this;
  }

  @Override
  public RoleState onTick() {
    return retry.elapsed(server.now(), server.dice()) ? start(server) : this;
  }

  @Override
  public RoleState onConnected(long peer) {
    if (server.otherVoters().contains(peer)) {
      ask(peer);
    }
    return this;
  }

  @Override
  public RoleState onDiskStalled() {
    return Follower.withoutLeader(server);
  }

  @Override
  public Role role() {
    return Role.PRE_CANDIDATE;
  }

  @Override
  public long leader() {
    return 0;
  }

  @Override
  public boolean hearsLeaderOtherThan(long candidate) {
    return false;
  }

  @Override
  public ServerState server() {
    return server;
  }
}
