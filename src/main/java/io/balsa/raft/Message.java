package io.balsa.raft;

import io.balsa.bytes.Bytes;
import java.util.List;

/**
 * A message between servers. Each message has the current term of its sender, except {@link
 * PreVote}, which has the term of the election that would follow.
 */
public sealed interface Message {
  /** The sender's current term; for {@link PreVote} the term that a campaign would have. */
  long term();

  /**
   * Asks whether the receiver would vote (thesis 9.6). Changes nothing at the receiver.
   *
   * @param term the term of the election that would follow
   * @param last the end of the sender's log
   */
  record PreVote(long term, LogPosition last) implements Message {}

  /**
   * Answers {@link PreVote}.
   *
   * @param term the term asked for when granted, otherwise the receiver's current term
   * @param granted whether a vote would be given
   */
  record PreVoteReply(long term, boolean granted) implements Message {}

  /**
   * Asks for a vote (thesis 3.4).
   *
   * @param last the end of the candidate's log
   * @param transfer whether the old leader asked for this election (thesis 3.10), so that a
   *     receiver does not refuse to protect that leader
   */
  record RequestVote(long term, LogPosition last, boolean transfer) implements Message {}

  /** Answers {@link RequestVote}. */
  record RequestVoteReply(long term, boolean granted) implements Message {}

  /**
   * Replicates entries (thesis 3.5).
   *
   * @param prev the place right before the first entry
   * @param entries consecutive entries after {@code prev}; empty to probe
   * @param commitIndex the leader's commit index
   * @param acknowledged whether a probe asks anew for a {@code prev} that the receiver has
   *     acknowledged in this term. If it rejects that, its disk has lost the entry
   */
  record AppendEntries(
      long term, LogPosition prev, List<Entry> entries, long commitIndex, boolean acknowledged)
      implements Message {}

  /**
   * Acknowledges that the log durably matches the leader's up to an index.
   *
   * @param matchIndex the last index that the answered message proved to match; at most the
   *     sender's durable index when the answer leaves
   */
  record AppendEntriesReply(long term, long matchIndex) implements Message {}

  /**
   * Answers {@link AppendEntries} when {@code prev} does not match.
   *
   * @param prevIndex the index that was rejected
   * @param hint where the sender's log could match: the last place at or before {@code prevIndex}
   *     whose term is not above the leader's term there (fast back-up by term, thesis 3.5)
   * @param acknowledged the field of the answered message. A rejection from before the
   *     acknowledgement has false here. True means that the sender's disk has lost the entry
   */
  record AppendEntriesRejected(long term, long prevIndex, LogPosition hint, boolean acknowledged)
      implements Message {}

  /**
   * Keeps followers from campaigning, and confirms leadership.
   *
   * @param commitIndex the index up to which the follower may commit: at most its known match index
   * @param round the read round that an answer confirms (thesis 6.4); 0 for a message that only has
   *     the commit index and needs no answer
   */
  record Heartbeat(long term, long commitIndex, long round) implements Message {}

  /** Answers {@link Heartbeat} with its round. */
  record HeartbeatReply(long term, long round) implements Message {}

  /**
   * A follower asks for a read index (thesis 6.4). It sends this in the leader's term, after the
   * reads arrived. So the request also confirms the leader, as an answer to a heartbeat does.
   *
   * @param id the follower's number of the request, never used twice, not even after a restart
   */
  record ReadIndexRequest(long term, long id) implements Message {}

  /**
   * Answers {@link ReadIndexRequest}.
   *
   * @param index the read index; -1 when the leader cannot give one and the follower should ask
   *     again
   */
  record ReadIndexReply(long term, long id, long index) implements Message {}

  /**
   * Commands that a follower forwards to the leader of the term. A server in a later term refuses
   * them. A server of the term that does not lead ignores them. So once an entry of a later term
   * has applied, the commands never will be.
   *
   * @param batch the sender's number of the batch
   */
  record ForwardProposals(long term, long batch, List<Bytes> commands) implements Message {}

  /**
   * The leader of the term did not append the batch and never will. {@link Refusal#NOT_LEADER} only
   * says that the sender does not lead the batch's term now; it may have led it before.
   */
  record ForwardRefused(long term, long batch, Refusal refusal) implements Message {}

  /** Makes the receiver campaign at once (thesis 3.10). */
  record TimeoutNow(long term) implements Message {}

  /**
   * A chunk of a snapshot (thesis 5.2).
   *
   * @param snapshot the last included entry and the configuration
   * @param offset the place of {@code data} in the snapshot's bytes
   * @param done whether this is the last chunk
   */
  record InstallSnapshot(long term, Snapshot snapshot, long offset, Bytes data, boolean done)
      implements Message {}

  /**
   * Answers {@link InstallSnapshot}.
   *
   * @param snapshotIndex the index of the snapshot
   * @param nextOffset the offset that the receiver waits for, so that an interrupted transfer
   *     continues there
   * @param installed whether the receiver has everything up to {@code snapshotIndex}
   */
  record InstallSnapshotReply(long term, long snapshotIndex, long nextOffset, boolean installed)
      implements Message {}
}
