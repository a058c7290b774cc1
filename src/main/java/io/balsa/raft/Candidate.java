package io.balsa.raft;

import io.balsa.raft.Message.RequestVote;
import io.balsa.raft.Message.RequestVoteReply;

/** Asks for votes in a new term (thesis 3.4). */
final class Candidate implements RoleState {
  private final ServerState server;
  private final boolean transfer;
  private final Votes votes;
  private final Countdown timeout;
  private final Countdown again;
  private final long ownVotePersist;

  private Candidate(ServerState server, boolean transfer) {
    this.server = server;
    this.transfer = transfer;
    server.enterTerm(server.currentTerm() + 1, server.self);
    ownVotePersist = server.persistTerm();
    votes = new Votes(server.configuration());
    timeout = server.voteTimeout();
    again = server.retry();
  }

  /**
   * Enters a new term, votes for itself, and asks all voters when term and vote are durable.
   *
   * @param transfer whether the leader asked for it (thesis 3.10)
   */
  static Candidate start(ServerState server, boolean transfer) {
    Candidate state = new Candidate(server, transfer);
    server.otherVoters().forEach(state::ask);
    return state;
  }

  private void ask(long voter) {
    long after = server.persistTerm();
    RequestVote request = new RequestVote(server.currentTerm(), server.log.last(), transfer);
    server.sendAfter(after, voter, request);
  }

  /** The candidate counts its own vote when it is durable. */
  @Override
  public RoleState onPersisted(long number) {
    return number >= ownVotePersist ? count(server.self, true) : this;
  }

  @Override
  public RoleState onRequestVoteReply(long from, RequestVoteReply message) {
    return count(from, message.granted());
  }

  private RoleState count(long voter, boolean granted) {
    votes.count(voter, granted);
    if (votes.areWon()) {
      return Leader.start(server);
    }
    return votes.areLost() ? giveUp() : this;
  }

  private RoleState giveUp() {
    server.electionLost();
    return Follower.withoutLeader(server);
  }

  /** Repeats the requests without answer. After the timeout, begins a PreVote. */
  @Override
  public RoleState onTick() {
    if (timeout.elapsed(server.now(), server.dice())) {
      server.electionLost();
      return PreCandidate.start(server);
    }
    if (again.elapsed(server.now(), server.dice())) {
      server.otherVoters().stream().filter(id -> !votes.hasAnswered(id)).forEach(this::ask);
      again.restart(server.now(), server.config.heartbeatTicks(), server.config.heartbeatTicks());
    }
    return this;
  }

  @Override
  public RoleState onConnected(long peer) {
    if (server.otherVoters().contains(peer) && !votes.hasAnswered(peer)) {
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
    return Role.CANDIDATE;
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
