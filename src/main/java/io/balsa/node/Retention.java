package io.balsa.node;

import io.balsa.raft.RaftStatus;

/**
 * How much of the log is kept: all that a live follower still needs, within reason, and beyond that
 * as many bytes and entries as configured, so that a follower that was away for a while gets the
 * log and not a snapshot.
 */
final class Retention {
  /** A follower that answers and gets nowhere may hold so many times the bytes to be kept. */
  private static final int PATIENCE = 4;

  private final long bytesMax;
  private final long entriesMax;

  Retention(long bytesMax, long entriesMax) {
    this.bytesMax = bytesMax;
    this.entriesMax = entriesMax;
  }

  /**
   * The bytes of the newest log to keep for followers that are away; none on a disk without room.
   */
  long bytesMax(boolean roomIsShort) {
    return roomIsShort ? 0 : bytesMax;
  }

  /**
   * The index up to which the log may go, once the store has flushed it.
   *
   * @param beyondBytes the index up to which it may go for the sake of the bytes
   * @param logBytes what the log takes on disk
   */
  long droppable(RaftStatus raft, long applied, long beyondBytes, long logBytes) {
    long beyondEntries = raft.last().index() - Math.min(entriesMax, raft.last().index());
    long upTo = Math.min(applied, Math.max(beyondBytes, beyondEntries));
    for (RaftStatus.Follower follower : raft.followers()) {
      if (follower.active() && logBytes <= PATIENCE * bytesMax) {
        upTo = Math.min(upTo, follower.matchIndex());
      }
    }
    return Math.max(raft.first() - 1, upTo);
  }
}
