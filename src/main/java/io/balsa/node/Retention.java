package io.balsa.node;

import io.balsa.raft.RaftStatus;

/**
 * How much of the log is kept. All entries that a live follower still needs are kept, within a
 * bound. Beyond that, as many bytes and entries as configured are kept, so that a follower that was
 * away for a while gets log entries instead of a snapshot.
 */
final class Retention {
  /**
   * A follower that answers but does not catch up may keep the log at so many times the configured
   * bytes.
   */
  private static final int PATIENCE = 4;

  private final long bytesMax;
  private final long entriesMax;

  Retention(long bytesMax, long entriesMax) {
    this.bytesMax = bytesMax;
    this.entriesMax = entriesMax;
  }

  /**
   * The bytes of the newest log to keep for followers that are away; 0 when the disk is nearly
   * full.
   */
  long bytesMax(boolean roomIsShort) {
    return roomIsShort ? 0 : bytesMax;
  }

  /**
   * The index up to which the log may go, once the store has flushed it.
   *
   * @param beyondBytes the index up to which the bound in bytes lets it go
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
