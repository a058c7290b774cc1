package io.balsa.raft;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check;
import io.balsa.raft.Message.AppendEntries;
import io.balsa.raft.Message.ForwardProposals;
import io.balsa.raft.Message.Heartbeat;
import io.balsa.raft.Message.HeartbeatReply;
import io.balsa.raft.Message.InstallSnapshot;
import io.balsa.raft.Message.ReadIndexReply;
import java.util.List;

/** Follows a leader, or waits for one (thesis 3.4). */
final class Follower implements RoleState {
  /**
   * All followers notice a broken connection at the same time. A random wait keeps the first one
   * that campaigns from colliding with the others.
   */
  private static final int SUSPICION_LEAST = 1;

  private static final int SUSPICION_SPREAD = 3;

  private final ServerState server;
  private final FollowerReads reads;
  private Countdown campaign;
  private long leader;
  private long heardAt;
  private boolean voted;
  private long votePersist;

  private Follower(ServerState server, Countdown campaign) {
    this.server = server;
    this.campaign = campaign;
    reads = new FollowerReads(server);
  }

  /** A follower that has just heard of a leader. */
  static Follower of(ServerState server, long leader) {
    Follower state = new Follower(server, server.electionTimeout());
    state.hear(leader);
    return state;
  }

  /** A follower of a term without a known leader. */
  static Follower withoutLeader(ServerState server) {
    return new Follower(server, server.retry());
  }

  /**
   * A follower that has just started and waits for a leader; the only voter of a cluster does not
   * wait.
   */
  static Follower atTheStart(ServerState server) {
    boolean alone = server.configuration().equals(Configuration.of(List.of(server.config.self())));
    return new Follower(
        server, alone ? new Countdown(server.now(), 1, 1) : server.electionTimeout());
  }

  /**
   * A follower that has voted and gives the candidate time to win.
   *
   * @param votePersist the number of the persist of that vote
   */
  static Follower havingVoted(ServerState server, long votePersist) {
    Follower state = new Follower(server, server.electionTimeout());
    state.voted = true;
    state.votePersist = votePersist;
    return state;
  }

  private void hear(long from) {
    Check.that(leader == 0 || leader == from, "a term has one leader");
    leader = from;
    heardAt = server.now();
    campaign.restart(server.now(), server.config.electionTicks(), server.config.electionTicks());
    server.electionSettled();
  }

  @Override
  public RoleState onTick() {
    if (leader != 0) {
      reads.onTick(leader);
    }
    if (!campaign.elapsed(server.now(), server.dice())) {
      return this;
    }
    if (server.mayCampaign()) {
      return PreCandidate.start(server);
    }
    campaign = server.electionTimeout();
    return this;
  }

  /**
   * Restarts the timeout when the vote is durable: a slow persist still leaves the candidate time.
   */
  @Override
  public RoleState onPersisted(long number) {
    if (votePersist != 0 && number >= votePersist) {
      votePersist = 0;
      campaign = server.electionTimeout();
    }
    return this;
  }

  @Override
  public RoleState onSuspect(long peer) {
    if (peer == leader) {
      leader = 0;
      reads.fail();
      campaign.restart(server.now(), SUSPICION_LEAST, SUSPICION_SPREAD);
    }
    return this;
  }

  /**
   * Soon asks for an election, because the new connection may make a majority. After a vote it
   * waits: another election would interrupt the one that the candidate is about to win.
   */
  @Override
  public RoleState onConnected(long peer) {
    if (leader == 0 && !voted) {
      campaign.hasten(server.now(), SUSPICION_LEAST, SUSPICION_SPREAD);
    }
    return this;
  }

  @Override
  public RoleState onAppendEntries(long from, AppendEntries message) {
    hear(from);
    if (!server.incoming.installing()) {
      Appending.receive(server, from, message);
    }
    return this;
  }

  @Override
  public RoleState onHeartbeat(long from, Heartbeat message) {
    hear(from);
    // a crash may have lost acknowledged entries at the end of this log; the leader does not know
    // yet
    server.applying.commitTo(Math.min(message.commitIndex(), server.log.last().index()));
    if (message.round() != 0) {
      server.send(from, new HeartbeatReply(server.currentTerm(), message.round()));
    }
    return this;
  }

  @Override
  public RoleState onInstallSnapshot(long from, InstallSnapshot message) {
    hear(from);
    server.incoming.onChunk(from, message);
    return this;
  }

  @Override
  public RoleState onTimeoutNow(long from) {
    return server.mayCampaign() ? Candidate.start(server, true) : this;
  }

  @Override
  public void onPropose(long batch, List<Bytes> commands) {
    if (leader == 0) {
      server.emit(new Effect.Refused(batch, Refusal.NO_LEADER));
    } else {
      server.send(leader, new ForwardProposals(server.currentTerm(), batch, commands));
      server.emit(new Effect.Proposed(batch, server.currentTerm()));
    }
  }

  @Override
  public void onReadIndex(long id) {
    if (leader == 0) {
      server.emit(new Effect.ReadFailed(id));
    } else {
      reads.add(id, leader);
    }
  }

  @Override
  public void onReadIndexReply(ReadIndexReply message) {
    if (leader != 0) {
      reads.onReply(message, leader);
    }
  }

  @Override
  public void leave() {
    reads.fail();
  }

  @Override
  public boolean hearsLeaderOtherThan(long candidate) {
    return leader != 0
        && leader != candidate
        && server.now() - heardAt < server.config.electionTicks();
  }

  @Override
  public Role role() {
    return Role.FOLLOWER;
  }

  @Override
  public long leader() {
    return leader;
  }

  @Override
  public ServerState server() {
    return server;
  }
}
