package io.balsa.raft;

import io.balsa.bytes.Bytes;
import java.util.List;

/**
 * What servers say to each other: a record per message, with only its own fields. Every message
 * carries the term of its sender, except {@link PreVote}, which names the term it would campaign
 * in.
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
   *     receiver does not refuse for the sake of that leader
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
   *     acknowledged in this term
   */
  record AppendEntries(
      long term, LogPosition prev, List<Entry> entries, long commitIndex, boolean acknowledged)
      implements Message {}

  /**
   * Says that the receiver's log matches the leader's up to an index, durably.
   *
   * @param matchIndex the last index that the message answered proved to match; never beyond the
   *     sender's durable index when it leaves
   */
  record AppendEntriesReply(long term, long matchIndex) implements Message {}

  /**
   * Says that {@code prev} did not match.
   *
   * @param prevIndex the index that was rejected
   * @param hint where the sender's log could match: the last place at or before {@code prevIndex}
   *     whose term is not above the leader's term there (fast back-up by term, thesis 3.5)
   * @param acknowledged what the message answered said of {@code prev}: a rejection that is older
   *     than the acknowledgement never says so, only one of a sender whose disk has lost it
   */
  record AppendEntriesRejected(long term, long prevIndex, LogPosition hint, boolean acknowledged)
      implements Message {}

  /**
   * Keeps followers quiet and confirms leadership.
   *
   * @param commitIndex what the follower may commit: never beyond what is known to match
   * @param round the read round that an answer confirms (thesis 6.4), made by the leader; 0 when
   *     the message only tells the commit index and asks for no answer
   */
  record Heartbeat(long term, long commitIndex, long round) implements Message {}

  /** Answers {@link Heartbeat} with its round. */
  record HeartbeatReply(long term, long round) implements Message {}

  /**
   * A follower asks for a read index (thesis 6.4). Sent in the leader's term, after the reads it
   * stands for arrived, it is itself a voice for the leader.
   *
   * @param id the follower's number for this question, never used twice, in no run
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
   * Commands that a follower passes to the leader of the term; refused by everybody else and in any
   * other term, so that an entry of a later term settles their fate.
   *
   * @param batch the sender's number for them
   */
  record ForwardProposals(long term, long batch, List<Bytes> commands) implements Message {}

  /**
   * The commands of a batch were not appended by the leader of the term, nor will be; with {@link
   * Refusal#NOT_LEADER} only that the sender does not lead the batch's term, at least no more.
   */
  record ForwardRefused(long term, long batch, Refusal refusal) implements Message {}

  /** Tells the receiver to campaign at once (thesis 3.10). */
  record TimeoutNow(long term) implements Message {}

  /**
   * A part of a snapshot (thesis 5.2).
   *
   * @param snapshot what the snapshot stands for
   * @param offset the place of {@code data} in the snapshot's bytes
   * @param done whether this is the last part
   */
  record InstallSnapshot(long term, Snapshot snapshot, long offset, Bytes data, boolean done)
      implements Message {}

  /**
   * Answers {@link InstallSnapshot}.
   *
   * @param snapshotIndex the snapshot meant
   * @param nextOffset the offset that the receiver waits for, so that a transfer goes on where it
   *     was cut
   * @param installed whether the receiver has everything up to {@code snapshotIndex}
   */
  record InstallSnapshotReply(long term, long snapshotIndex, long nextOffset, boolean installed)
      implements Message {}
}
