package io.balsa.raft;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check;
import io.balsa.raft.Message.AppendEntries;
import io.balsa.raft.Message.AppendEntriesRejected;
import io.balsa.raft.Message.AppendEntriesReply;
import io.balsa.raft.Message.ForwardProposals;
import io.balsa.raft.Message.ForwardRefused;
import io.balsa.raft.Message.Heartbeat;
import io.balsa.raft.Message.HeartbeatReply;
import io.balsa.raft.Message.InstallSnapshot;
import io.balsa.raft.Message.InstallSnapshotReply;
import io.balsa.raft.Message.ReadIndexRequest;
import io.balsa.raft.Message.TimeoutNow;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Leads its term (thesis 3.5). Appends and heartbeats do not wait for the leader's disk. */
final class Leader implements RoleState {
  private final ServerState server;
  private final Followers followers;
  private final Replication replication;
  private final ReadRounds reads;
  private final Outstanding uncommitted = new Outstanding();
  private final long term;
  private @Nullable Transfer transfer;
  private long heartbeatAt;

  /**
   * A leadership transfer that has begun (thesis 3.10): the leader takes no more proposals, brings
   * the target's log up to its own, then sends TimeoutNow.
   *
   * @param named the server that the request named; 0 for any
   * @param target the server that shall lead
   * @param until the tick at which the leader gives up and takes proposals again
   */
  private record Transfer(long named, long target, long until) {}

  private Leader(ServerState server) {
    this.server = server;
    followers = new Followers(server);
    replication = new Replication(server, followers);
    reads = new ReadRounds(server, followers);
    term = server.currentTerm();
    server.electionSettled();
    server.nextRound();
    heartbeatAt = server.now() + server.config.heartbeatTicks();
  }

  /** Begins the term with a no-op entry: committing it commits all earlier entries (thesis 6.4). */
  static Leader start(ServerState server) {
    Leader state = new Leader(server);
    long index = server.log.last().index() + 1;
    server.append(List.of(new Entry(index, state.term, Entry.Kind.NO_OP, Bytes.EMPTY)));
    state.replication.replicate();
    return state;
  }

  // Proposals.

  @Override
  public void onPropose(long batch, List<Bytes> commands) {
    Refusal refusal = refusal(commands);
    if (refusal != null) {
      server.emit(new Effect.Refused(batch, refusal));
      return;
    }
    append(commands);
    server.emit(new Effect.Proposed(batch, term));
  }

  /** A duplicate of a forwarded batch is neither appended nor answered again. */
  @Override
  public void onForwardProposals(long from, ForwardProposals message) {
    Progress follower = hear(from);
    if (follower == null || !follower.forwarded.add(message.batch(), message.commands())) {
      return;
    }
    Refusal refusal = refusal(message.commands());
    if (refusal != null) {
      server.send(from, new ForwardRefused(term, message.batch(), refusal));
    } else {
      append(message.commands());
    }
  }

  /** Admits all commands or none. If nothing is uncommitted, any size is admitted. */
  private @Nullable Refusal refusal(List<Bytes> commands) {
    if (transfer != null) {
      return Refusal.TRANSFERRING;
    }
    boolean fits =
        uncommitted.isEmpty()
            || uncommitted.bytes() + bytes(commands) <= server.config.uncommittedBytesMax();
    return fits ? null : Refusal.OVERLOADED;
  }

  private static long bytes(List<Bytes> commands) {
    long bytes = 0;
    for (int i = 0; i < commands.size(); i++) {
      bytes += commands.get(i).size() + Entry.OVERHEAD_BYTES;
    }
    return bytes;
  }

  private void append(List<Bytes> commands) {
    if (commands.isEmpty()) {
      return;
    }
    long first = server.log.last().index() + 1;
    Entry[] entries = new Entry[commands.size()];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = new Entry(first + i, term, Entry.Kind.COMMAND, commands.get(i));
    }
    uncommitted.add(first + entries.length - 1, bytes(commands));
    server.append(Collections.unmodifiableList(Arrays.asList(entries)));
    replication.replicate();
  }

  // Commit.

  @Override
  public RoleState onPersisted(long number) {
    advanceCommit();
    return this;
  }

  /**
   * Commits entries of the leader's own term that are durable on a quorum. Earlier entries are
   * committed with them, never by counting replicas (thesis 3.6.2).
   */
  private void advanceCommit() {
    long agreed = followers.agreedIndex();
    if (agreed > server.applying.commitIndex() && server.log.termAt(agreed) == term) {
      server.applying.commitTo(agreed);
      uncommitted.release(agreed);
      tellCommit();
      reads.open();
    }
  }

  /** Sends the commit index at once to followers that get no append soon. */
  private void tellCommit() {
    for (Progress follower : followers.all()) {
      tellCommit(follower);
    }
  }

  private void tellCommit(Progress follower) {
    if (follower.lacksCommit(server.applying.commitIndex())) {
      followers.heartbeat(follower, 0);
    }
  }

  // Followers' answers.

  private @Nullable Progress hear(long from) {
    Progress follower = followers.find(from);
    if (follower != null) {
      follower.heard(server.now());
    }
    return follower;
  }

  @Override
  public RoleState onAppendEntriesReply(long from, AppendEntriesReply message) {
    Progress follower = hear(from);
    if (follower != null && replication.acknowledged(follower, message.matchIndex())) {
      advanced(follower);
    }
    return this;
  }

  private void advanced(Progress follower) {
    advanceCommit();
    tellCommit(follower);
    handOver(follower);
  }

  @Override
  public RoleState onAppendEntriesRejected(long from, AppendEntriesRejected message) {
    Progress follower = hear(from);
    if (follower != null) {
      replication.rejected(follower, message);
    }
    return this;
  }

  @Override
  public RoleState onHeartbeatReply(long from, HeartbeatReply message) {
    Progress follower = hear(from);
    if (follower != null) {
      follower.confirm(message.round());
      reads.confirmed();
      replication.alive(follower);
      handOver(follower);
    }
    return this;
  }

  @Override
  public RoleState onInstallSnapshotReply(long from, InstallSnapshotReply message) {
    Progress follower = hear(from);
    if (follower != null && replication.chunkAnswered(follower, message)) {
      advanced(follower);
    }
    return this;
  }

  // Reads.

  @Override
  public void onReadIndex(long id) {
    reads.add(id);
  }

  @Override
  public void onReadIndexRequest(long from, ReadIndexRequest message) {
    hear(from);
    reads.ask(from, message.id());
  }

  // Time and links.

  @Override
  public RoleState onTick() {
    if (!followers.quorumIsActive()) {
      return Follower.withoutLeader(server);
    }
    if (server.now() >= heartbeatAt) {
      heartbeatAt = server.now() + server.config.heartbeatTicks();
      followers.heartbeat(server.newestRound());
    }
    if (transfer != null && server.now() >= transfer.until()) {
      giveUpTransfer(transfer);
    }
    return this;
  }

  @Override
  public RoleState onSuspect(long peer) {
    Progress follower = followers.find(peer);
    if (follower != null) {
      follower.suspect(server.now());
    }
    return this;
  }

  @Override
  public RoleState onConnected(long peer) {
    Progress follower = followers.find(peer);
    if (follower != null) {
      replication.connected(follower);
    }
    return this;
  }

  /** A leader that cannot write steps down; it lets the best follower campaign at once. */
  @Override
  public RoleState onDiskStalled() {
    long best = bestTarget();
    if (best != 0) {
      server.send(best, new TimeoutNow(term));
    }
    return Follower.withoutLeader(server);
  }

  // Transfer of leadership (thesis 3.10).

  @Override
  public void onTransferLeadership(long named) {
    long target = named == 0 ? bestTarget() : named;
    if (transfer != null) {
      if (transfer.target() == target) {
        return;
      }
      giveUpTransfer(transfer);
    }
    Progress follower = followers.find(target);
    if (follower == null || !mayLead(follower)) {
      server.emit(new Effect.TransferFailed(named));
      return;
    }
    transfer = new Transfer(named, target, server.now() + server.config.electionTicks());
    replication.replicate(follower);
    handOver(follower);
  }

  private void giveUpTransfer(Transfer failed) {
    transfer = null;
    server.emit(new Effect.TransferFailed(failed.named()));
  }

  private boolean mayLead(Progress follower) {
    return follower.isActive(server.now()) && server.configuration().voters().contains(follower.id);
  }

  /** The best next leader among active voters; 0 for none. */
  private long bestTarget() {
    Progress best = null;
    for (Progress follower : followers.all()) {
      if (mayLead(follower)
          && (best == null || follower.isBetterToLead(best, server.applying.commitIndex()))) {
        best = follower;
      }
    }
    return best == null ? 0 : best.id;
  }

  /** Repeats TimeoutNow at each message from the target, because it may be lost. */
  private void handOver(Progress follower) {
    if (transfer != null
        && transfer.target() == follower.id
        && follower.matchIndex() == server.log.last().index()) {
      server.send(follower.id, new TimeoutNow(term));
    }
  }

  // Entries and chunks that were loaded.

  @Override
  public void chooseLoad() {
    replication.chooseLoad();
  }

  @Override
  public long wanted() {
    return replication.wanted();
  }

  @Override
  public void onLoaded(long from, List<Entry> entries) {
    replication.loaded(from, entries);
  }

  @Override
  public void onChunkLoaded(Input.ChunkLoaded chunk) {
    Progress follower = followers.find(chunk.to());
    if (follower != null) {
      replication.chunkLoaded(follower, chunk);
    }
  }

  // Messages of other leaders of the term.

  @Override
  public RoleState onAppendEntries(long from, AppendEntries message) {
    return impostor();
  }

  @Override
  public RoleState onHeartbeat(long from, Heartbeat message) {
    return impostor();
  }

  @Override
  public RoleState onInstallSnapshot(long from, InstallSnapshot message) {
    return impostor();
  }

  private RoleState impostor() {
    Check.that(false, "a term has one leader");
    return this;
  }

  @Override
  public void leave() {
    reads.fail();
  }

  @Override
  public boolean hearsLeaderOtherThan(long candidate) {
    return true;
  }

  @Override
  public Role role() {
    return Role.LEADER;
  }

  @Override
  public long leader() {
    return server.self;
  }

  Followers followers() {
    return followers;
  }

  @Override
  public ServerState server() {
    return server;
  }
}
