package io.balsa.node;

import io.balsa.raft.RaftStatus;

/**
 * How much of the log is kept: all that the store has not flushed, all that a live follower still
 * needs, and beyond that as many bytes and entries as configured, so that a follower that was away
 * for a while gets the log and not a snapshot.
 */
final class Retention {
  private final long bytesMax;
  private final long entriesMax;

  Retention(long bytesMax, long entriesMax) {
    this.bytesMax = bytesMax;
    this.entriesMax = entriesMax;
  }

  /**
   * The index up to which the log may go, once the store has flushed it.
   *
   * @param logBytes what the log takes on disk
   */
  long droppable(RaftStatus raft, long applied, long logBytes) {
    long start = raft.first() - 1;
    long length = raft.last().index() - start;
    long keep = Math.min(entriesMax, entriesIn(length, logBytes));
    long upTo = Math.min(applied, raft.last().index() - keep);
    for (RaftStatus.Follower follower : raft.followers()) {
      if (follower.active()) {
        upTo = Math.min(upTo, follower.matchIndex());
      }
    }
    return Math.max(start, upTo);
  }

  /** How many of the newest entries fit the bytes, taking all for as large as their mean. */
  private long entriesIn(long length, long logBytes) {
    return logBytes <= bytesMax ? length : (long) ((double) length * bytesMax / logBytes);
  }
}
