package io.balsa.raft;

import io.balsa.bytes.Bytes;
import java.util.List;

/**
 * A server's role (thesis figure 3.3) with the state of that role. Each method returns the next
 * state, which is mostly the same. Only messages of the current term come here. The default methods
 * handle everything that a role does not.
 */
sealed interface RoleState permits Follower, PreCandidate, Candidate, Leader {
  Role role();

  /** The id of the leader of the current term; 0 when none is known. */
  long leader();

  /** Whether a leader other than the candidate was heard within an election timeout. */
  boolean hearsLeaderOtherThan(long candidate);

  /** Ends the role: fails the reads that only this role can answer. */
  default void leave() {}

  RoleState onTick();

  default RoleState onPersisted(long number) {
    return this;
  }

  default void onPropose(long batch, List<Bytes> commands) {
    refuse(batch, Refusal.NO_LEADER);
  }

  default void onReadIndex(long id) {
    server().emit(new Effect.ReadFailed(id));
  }

  default void onTransferLeadership(long target) {
    server().emit(new Effect.TransferFailed(target));
  }

  default RoleState onSuspect(long peer) {
    return this;
  }

  default RoleState onConnected(long peer) {
    return this;
  }

  default RoleState onDiskStalled() {
    return this;
  }

  /** Chooses the follower for which entries are loaded next. */
  default void chooseLoad() {}

  /** The first index that the chosen follower waits for; 0 when none waits. */
  default long wanted() {
    return 0;
  }

  default void onLoaded(long from, List<Entry> entries) {}

  default void onChunkLoaded(Input.ChunkLoaded chunk) {}

  default RoleState onRequestVote(long from, Message.RequestVote message) {
    return Voting.answer(server(), this, from, message);
  }

  default RoleState onPreVoteReply(long from, Message.PreVoteReply message) {
    return this;
  }

  default RoleState onRequestVoteReply(long from, Message.RequestVoteReply message) {
    return this;
  }

  default RoleState onAppendEntries(long from, Message.AppendEntries message) {
    return Follower.of(server(), from).onAppendEntries(from, message);
  }

  default RoleState onHeartbeat(long from, Message.Heartbeat message) {
    return Follower.of(server(), from).onHeartbeat(from, message);
  }

  default RoleState onInstallSnapshot(long from, Message.InstallSnapshot message) {
    return Follower.of(server(), from).onInstallSnapshot(from, message);
  }

  default RoleState onTimeoutNow(long from) {
    return this;
  }

  default RoleState onAppendEntriesReply(long from, Message.AppendEntriesReply message) {
    return this;
  }

  default RoleState onAppendEntriesRejected(long from, Message.AppendEntriesRejected message) {
    return this;
  }

  default RoleState onHeartbeatReply(long from, Message.HeartbeatReply message) {
    return this;
  }

  default RoleState onInstallSnapshotReply(long from, Message.InstallSnapshotReply message) {
    return this;
  }

  default void onReadIndexRequest(long from, Message.ReadIndexRequest message) {
    server().send(from, new Message.ReadIndexReply(server().currentTerm(), message.id(), -1));
  }

  default void onReadIndexReply(Message.ReadIndexReply message) {}

  default void onForwardProposals(long from, Message.ForwardProposals message) {}

  ServerState server();

  private void refuse(long batch, Refusal refusal) {
    server().emit(new Effect.Refused(batch, refusal));
  }
}
