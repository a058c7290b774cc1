package io.balsa.node;

import io.balsa.model.Alarm;
import io.balsa.model.Member;
import io.balsa.raft.RaftStatus;
import java.util.List;

/**
 * A server's state at one moment, a few milliseconds old at most.
 *
 * @param applied the index up to which the store has applied
 * @param revision the store's revision
 * @param compactRevision the revision up to which history is gone
 * @param hash the rolling hash of everything applied
 * @param sizeBytes the bytes that the store takes on disk, about
 * @param usedBytes what counts against the quota
 * @param keys how many keys there are
 * @param members the members as this server knows them
 * @param pausesSeen how many times the process was found to have stood still for longer than half
 *     an election timeout
 * @param watchersBehind the watchers that wait for events which the store has
 */
public record NodeStatus(
    long clusterId,
    RaftStatus raft,
    long applied,
    long revision,
    long compactRevision,
    long hash,
    long sizeBytes,
    long usedBytes,
    long keys,
    List<Member> members,
    List<Alarm> alarms,
    long pausesSeen,
    int watchersBehind) {
  /** The bytes, about, of the store's own rows, which are there without any key. */
  private static final long OWN_BYTES = 1024;

  /**
   * As etcd's {@code dbSizeInUse}: what counts against the quota and the store's own rows, in
   * bytes; never 0.
   */
  public long bytesInUse() {
    return usedBytes + OWN_BYTES;
  }

  /**
   * As etcd's {@code dbSize}: the bytes that the store takes on disk, and at least those in use, as
   * in etcd. The store's files may be smaller than what is in use, because they are compressed or
   * not yet written.
   */
  public long databaseBytes() {
    return Math.max(sizeBytes, bytesInUse());
  }

  /** The leader's member id; 0 when no leader is known. */
  public long leader() {
    return raft.leader();
  }

  /** The current term. */
  public long term() {
    return raft.term();
  }

  /**
   * The index up to which the log is known to be committed. Applied entries are committed, though
   * Raft's part of this status may be older and not say it.
   */
  public long commitIndex() {
    return Math.max(raft.commitIndex(), applied);
  }

  /** Whether this server is a learner. */
  public boolean learner() {
    return raft.configuration().learners().contains(raft.self());
  }
}
