package io.balsa.raft;

import io.balsa.bytes.Check;
import io.balsa.raft.Effect.RoleChanged;
import io.balsa.raft.Message.AppendEntries;
import io.balsa.raft.Message.AppendEntriesRejected;
import io.balsa.raft.Message.AppendEntriesReply;
import io.balsa.raft.Message.ForwardProposals;
import io.balsa.raft.Message.ForwardRefused;
import io.balsa.raft.Message.Heartbeat;
import io.balsa.raft.Message.HeartbeatReply;
import io.balsa.raft.Message.InstallSnapshot;
import io.balsa.raft.Message.InstallSnapshotReply;
import io.balsa.raft.Message.PreVote;
import io.balsa.raft.Message.PreVoteReply;
import io.balsa.raft.Message.ReadIndexReply;
import io.balsa.raft.Message.ReadIndexRequest;
import io.balsa.raft.Message.RequestVote;
import io.balsa.raft.Message.RequestVoteReply;
import io.balsa.raft.Message.TimeoutNow;
import java.util.List;

/**
 * One server's Raft: passes inputs to the role of the server, and effects to the driver.
 *
 * <ol>
 *   <li>Deterministic: the same inputs give the same effects.
 *   <li>Not thread-safe; one thread steps it.
 *   <li>Never blocks, and takes time proportional to the entries in the input and in the effects.
 * </ol>
 */
public final class Raft {
  private final ServerState server;
  private RoleState state;
  private RoleChanged reported;

  /** A server that starts as a follower, with the state of its disk. */
  public Raft(RaftConfig config, Recovered recovered) {
    server = new ServerState(config, recovered);
    state = Follower.atTheStart(server);
    reported = roleNow();
  }

  /**
   * Takes one input.
   *
   * @return the effects, in the order in which the driver carries them out
   * @throws Check.BrokenInvariant if an invariant is broken; the process must stop
   */
  public List<Effect> step(Input input) {
    accept(input);
    finishStep();
    return server.takeEffects();
  }

  private void accept(Input input) {
    switch (input) {
      case Input.Tick tick -> {
        server.tick(tick.dice());
        become(state.onTick());
      }
      case Input.Receive receive -> receive(receive.from(), receive.message());
      case Input.Propose propose -> state.onPropose(propose.batch(), propose.commands());
      case Input.ReadIndex read -> state.onReadIndex(read.id());
      case Input.Persisted persisted -> {
        server.log.persisted(persisted.number());
        become(state.onPersisted(persisted.number()));
      }
      case Input.Loaded loaded -> loaded(loaded.from(), loaded.entries());
      case Input.Applied applied -> server.applying.applied(applied.index());
      case Input.Compacted compacted -> compacted(compacted.index());
      case Input.ChunkLoaded chunk -> state.onChunkLoaded(chunk);
      case Input.ChunkSaved saved -> server.incoming.onSaved(saved.snapshot(), saved.nextOffset());
      case Input.Installed installed -> server.incoming.onInstalled(installed.snapshot());
      case Input.Suspect suspect -> become(state.onSuspect(suspect.peer()));
      case Input.Connected connected -> become(state.onConnected(connected.peer()));
      case Input.DiskStalled() -> {
        server.diskStalled(true);
        become(state.onDiskStalled());
      }
      case Input.DiskRecovered() -> server.diskStalled(false);
      case Input.TransferLeadership transfer -> state.onTransferLeadership(transfer.target());
    }
  }

  private void become(RoleState next) {
    if (next != state) {
      RoleState old = state;
      state = next;
      old.leave();
    }
  }

  // Messages.

  private void receive(long from, Message message) {
    Disbelief disbelief = Credibility.of(server, state, from, message);
    if (disbelief != null) {
      server.emit(new Effect.Disbelieved(from, disbelief));
    } else if (message instanceof PreVote preVote) {
      Voting.answer(server, state, from, preVote);
    } else if (message.term() < server.currentTerm()) {
      answerStale(from, message);
    } else if (entersTerm(from, message)) {
      deliver(from, message);
    }
  }

  /**
   * Enters a later term at once (thesis 3.3), with two exceptions. A PreVote reply that grants has
   * a term that no server is in yet. A vote request may not disturb a server that hears its leader.
   *
   * @return whether the role handles the message
   */
  private boolean entersTerm(long from, Message message) {
    if (message instanceof PreVoteReply reply && reply.granted()) {
      return reply.term() == server.currentTerm() + 1;
    }
    if (message.term() == server.currentTerm()) {
      return true;
    }
    if (message instanceof RequestVote request && Voting.isDisregarded(state, from, request)) {
      server.send(from, new RequestVoteReply(server.currentTerm(), false));
      return false;
    }
    server.enterTerm(message.term(), 0);
    become(Follower.withoutLeader(server));
    return true;
  }

  private void deliver(long from, Message message) {
    switch (message) {
      case PreVote _ -> throw new IllegalStateException("a PreVote is answered in any term");
      case PreVoteReply m -> become(state.onPreVoteReply(from, m));
      case RequestVote m -> become(state.onRequestVote(from, m));
      case RequestVoteReply m -> become(state.onRequestVoteReply(from, m));
      case AppendEntries m -> become(state.onAppendEntries(from, m));
      case AppendEntriesReply m -> become(state.onAppendEntriesReply(from, m));
      case AppendEntriesRejected m -> become(state.onAppendEntriesRejected(from, m));
      case Heartbeat m -> become(state.onHeartbeat(from, m));
      case HeartbeatReply m -> become(state.onHeartbeatReply(from, m));
      case ReadIndexRequest m -> state.onReadIndexRequest(from, m);
      case ReadIndexReply m -> state.onReadIndexReply(m);
      case ForwardProposals m -> state.onForwardProposals(from, m);
      case ForwardRefused m -> refused(m);
      case TimeoutNow _ -> become(state.onTimeoutNow(from));
      case InstallSnapshot m -> become(state.onInstallSnapshot(from, m));
      case InstallSnapshotReply m -> become(state.onInstallSnapshotReply(from, m));
    }
  }

  /** Tells a server in an earlier term the current one, so that it can enter that. */
  private void answerStale(long from, Message message) {
    long term = server.currentTerm();
    switch (message) {
      case RequestVote _ -> server.send(from, new RequestVoteReply(term, false));
      case AppendEntries m ->
          server.send(
              from, new AppendEntriesRejected(term, m.prev().index(), LogPosition.ZERO, false));
      case Heartbeat _ -> server.send(from, new HeartbeatReply(term, 0));
      case ReadIndexRequest m -> server.send(from, new ReadIndexReply(term, m.id(), -1));
      case ForwardProposals m ->
          server.send(from, new ForwardRefused(term, m.batch(), Refusal.NOT_LEADER));
      case InstallSnapshot m ->
          server.send(from, new InstallSnapshotReply(term, m.snapshot().index(), 0, false));
      case ForwardRefused m -> refused(m);
      case PreVote _, PreVoteReply _, RequestVoteReply _, AppendEntriesReply _ -> {}
      case AppendEntriesRejected _, HeartbeatReply _, ReadIndexReply _ -> {}
      case TimeoutNow _, InstallSnapshotReply _ -> {}
    }
  }

  /**
   * A leader's refusal is final, whenever it arrives. NOT_LEADER is not: the sender may have led
   * the batch's term earlier, and may have appended the batch when the message arrived first.
   */
  private void refused(ForwardRefused message) {
    if (message.refusal() != Refusal.NOT_LEADER) {
      server.emit(new Effect.Refused(message.batch(), message.refusal()));
    }
  }

  // The log's files.

  private void loaded(long from, List<Entry> entries) {
    server.loads.ended();
    if (!server.log.containsAll(entries)) {
      return;
    }
    if (!entries.isEmpty()) {
      Check.that(entries.getFirst().index() == from, "loaded entries were asked for");
      server.applying.offer(entries);
    }
    state.onLoaded(from, entries);
  }

  private void compacted(long index) {
    Check.that(index <= server.applying.handedOut(), "only applied entries are compacted");
    server.log.compact(index);
  }

  // The end of a step.

  private void finishStep() {
    server.persistTerm();
    server.applying.handOut();
    if (!server.loads.underWay()) {
      state.chooseLoad();
      server.loads.serve(server.applying.wanted(), state.wanted());
    }
    RoleChanged now = roleNow();
    if (!now.equals(reported)) {
      reported = now;
      server.emit(now);
    }
  }

  private RoleChanged roleNow() {
    return new RoleChanged(state.role(), server.currentTerm(), state.leader());
  }

  // Status and checks.

  /** The status of this server now. */
  public RaftStatus status() {
    return RaftStatus.of(server, state);
  }

  /**
   * Checks the invariants that hold between any two steps; for tests and simulations.
   *
   * @throws Check.BrokenInvariant if one does not hold
   */
  public void verify() {
    Invariants.verify(server, state);
  }
}
