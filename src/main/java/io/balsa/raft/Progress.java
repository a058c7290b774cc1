package io.balsa.raft;

import io.balsa.raft.RaftStatus.ReplicationState;
import org.jspecify.annotations.Nullable;

/**
 * A leader's knowledge of one follower.
 *
 * <ol>
 *   <li>Only an acknowledgement raises {@code matchIndex}. It falls only when the leader asks for
 *       the acknowledged place again and the follower has lost it ({@link #forgetMatch}).
 *   <li>{@code nextIndex > matchIndex}.
 *   <li>In {@code PROBE} one message is on its way; in {@code REPLICATE} a window of them; in
 *       {@code SNAPSHOT} one chunk of a snapshot.
 * </ol>
 */
final class Progress {
  final long id;
  final ForwardedBatches forwarded = new ForwardedBatches();
  private final RaftConfig config;
  private final Outstanding inFlight = new Outstanding();
  private @Nullable SnapshotTransfer snapshot;
  private ReplicationState state = ReplicationState.PROBE;
  private long matchIndex;
  private long nextIndex;
  private long sentCommit;
  private long heardAt;
  private long confirmedRound;
  private boolean probing;
  private boolean awaitsLoad;
  private long movedAt;
  private long replicatingSince = Long.MAX_VALUE;

  Progress(long id, RaftConfig config, long nextIndex, long now) {
    this.id = id;
    this.config = config;
    this.nextIndex = nextIndex;
    heardAt = now;
  }

  // States.

  /** Probes where the logs match, beginning right before an index. */
  void becomeProbe(long next) {
    state = ReplicationState.PROBE;
    nextIndex = Math.max(next, matchIndex + 1);
    inFlight.clear();
    snapshot = null;
    probing = false;
    awaitsLoad = false;
    replicatingSince = Long.MAX_VALUE;
  }

  private void becomeReplicate(long now) {
    becomeProbe(matchIndex + 1);
    state = ReplicationState.REPLICATE;
    movedAt = now;
    replicatingSince = now;
  }

  /** The log that the follower needs is gone: asks for the first chunk of a snapshot. */
  void becomeSnapshot(ServerState server) {
    becomeProbe(nextIndex);
    state = ReplicationState.SNAPSHOT;
    SnapshotTransfer transfer = new SnapshotTransfer(id, server);
    snapshot = transfer;
    transfer.read();
  }

  ReplicationState state() {
    return state;
  }

  @Nullable SnapshotTransfer snapshot() {
    return snapshot;
  }

  // What was sent.

  /** A message with the entries from {@code nextIndex} up to an index was sent. */
  void sent(long upTo, long bytes, long commitIndex, long now) {
    sentCommit = Math.max(sentCommit, Math.min(commitIndex, upTo));
    if (state == ReplicationState.PROBE) {
      probing = true;
      movedAt = now;
    } else if (upTo >= nextIndex) {
      awaitsLoad = false;
      if (inFlight.isEmpty()) {
        movedAt = now;
      }
      inFlight.add(upTo, bytes);
      nextIndex = upTo + 1;
    }
  }

  /** Whether another message may be sent now. */
  boolean mayAppend() {
    return switch (state) {
      case PROBE -> !probing;
      case REPLICATE -> inFlight.count() < config.inflightMessagesMax() && bytesMax() > 0;
      case SNAPSHOT -> false;
    };
  }

  /** How many bytes of entries the next message may hold. */
  long bytesMax() {
    return Math.min(config.messageBytesMax(), config.inflightBytesMax() - inFlight.bytes());
  }

  boolean hasInFlight() {
    return !inFlight.isEmpty();
  }

  /**
   * Whether messages are in flight without an answer for one heartbeat, so that they may be lost.
   */
  boolean isStuck(long now) {
    boolean waits = probing || !inFlight.isEmpty();
    return waits && now - movedAt >= config.heartbeatTicks();
  }

  /** Lost messages are asked for again; the next time after another heartbeat. */
  void askAgain(long now) {
    movedAt = now;
  }

  /** Messages in flight may be lost: probes where the logs match. */
  void restart() {
    becomeProbe(state == ReplicationState.PROBE ? nextIndex : matchIndex + 1);
  }

  /** The link to the follower broke: nothing more is sent before it answers again. */
  void suspect(long now) {
    if (state != ReplicationState.SNAPSHOT) {
      restart();
      probing = true;
      movedAt = now;
    }
  }

  /** Whether the next message asks again for an acknowledged place. */
  boolean isAskedAnew() {
    return state == ReplicationState.PROBE && nextIndex - 1 == matchIndex && matchIndex > 0;
  }

  // What was answered.

  /**
   * The follower's log matches, durably, up to an index.
   *
   * @return whether the match index rose
   */
  boolean acknowledge(long index, long logStart, long now) {
    boolean news = index > matchIndex;
    if (news) {
      matchIndex = index;
      movedAt = now;
    }
    switch (state) {
      case PROBE -> {
        if (index >= nextIndex - 1) {
          becomeReplicate(now);
        }
      }
      case REPLICATE -> {
        inFlight.release(index);
      }
      case SNAPSHOT -> {
        if (matchIndex >= logStart) {
          becomeReplicate(now);
        }
      }
    }
    if (matchIndex >= nextIndex) {
      nextIndex = matchIndex + 1;
      // the follower has the entry that was to be loaded; the next one may be in memory
      awaitsLoad = false;
    }
    return news;
  }

  /** Whether a rejection is neither late nor a duplicate. */
  boolean isMeaningful(Message.AppendEntriesRejected rejected) {
    long index = rejected.prevIndex();
    return switch (state) {
      case PROBE -> index == nextIndex - 1 && (index > matchIndex || rejected.acknowledged());
      case REPLICATE -> index < nextIndex && index > matchIndex;
      case SNAPSHOT -> false;
    };
  }

  /** Whether the follower has acknowledged the entry at an index to this leader. */
  boolean hasAcknowledged(long index) {
    return index <= matchIndex;
  }

  /**
   * The follower's disk has lost an entry that it acknowledged, so 0 counts for new commits. The
   * follower cannot distinguish that from a crash in a write.
   *
   * <p>Committed entries stay committed while this leader leads: no commit index falls, and the
   * leader has all committed entries (thesis 3.6.3) and sends them again. Nothing more can hold: a
   * disk that loses forced entries breaks an assumption of Raft (thesis 3.8).
   */
  void forgetMatch() {
    matchIndex = 0;
    sentCommit = 0;
  }

  void heard(long now) {
    heardAt = now;
  }

  void confirm(long round) {
    confirmedRound = Math.max(confirmedRound, round);
  }

  // Loads.

  void awaitLoad() {
    awaitsLoad = true;
  }

  boolean awaitsLoad() {
    return awaitsLoad;
  }

  // Commit.

  /** The commit index that a heartbeat may send to the follower. */
  long commitFor(long commitIndex) {
    return Math.min(commitIndex, matchIndex);
  }

  void sentCommit(long index) {
    sentCommit = Math.max(sentCommit, index);
  }

  /** Whether the follower could commit more, and no append is in flight that lets it. */
  boolean lacksCommit(long commitIndex) {
    return inFlight.isEmpty() && sentCommit < commitFor(commitIndex);
  }

  /**
   * Whether this follower is the better next leader of two. If both have all committed entries, it
   * is the one that has replicated without a break for longer: a server that has just started is
   * slow for a while. Otherwise it is the one with more entries. The target gets the whole log
   * first.
   */
  boolean isBetterToLead(Progress other, long commitIndex) {
    boolean bothHaveCommitted = Math.min(matchIndex, other.matchIndex) >= commitIndex;
    if (bothHaveCommitted && replicatingSince != other.replicatingSince) {
      return replicatingSince < other.replicatingSince;
    }
    return matchIndex > other.matchIndex;
  }

  long matchIndex() {
    return matchIndex;
  }

  long nextIndex() {
    return nextIndex;
  }

  long heardAt() {
    return heardAt;
  }

  long confirmedRound() {
    return confirmedRound;
  }

  boolean isActive(long now) {
    return now - heardAt < config.electionTicks();
  }
}
