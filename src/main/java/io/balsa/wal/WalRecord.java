package io.balsa.wal;

import io.balsa.raft.Configuration;
import io.balsa.raft.Entry;
import io.balsa.raft.LogPosition;
import io.balsa.raft.Snapshot;

/** The content of a record. */
sealed interface WalRecord {
  /**
   * The first record of every segment: the server of the log, and all that is needed to start
   * reading here once the segments before are dropped.
   *
   * @param segment the segment's number
   * @param before the end of the log before this segment
   * @param configuration the configuration in force there
   */
  record Opening(
      Identity identity,
      long segment,
      long term,
      long votedFor,
      LogPosition before,
      Configuration configuration)
      implements WalRecord {}

  /** Current term and vote, always together. */
  record State(long term, long votedFor) implements WalRecord {}

  /** An entry; it takes the place of the one at its index and of all after it. */
  record Append(Entry entry) implements WalRecord {}

  /** The log restarts after a snapshot. */
  record Reset(Snapshot snapshot) implements WalRecord {}

  /** The log was opened. */
  record Boot(long number) implements WalRecord {}
}
