package io.balsa.wal;

import io.balsa.bytes.Check;
import io.balsa.raft.Entry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The durable log: the segments, the places of the entries in them, and the state that all records
 * add up to. Recovery and writing both add records to it.
 */
final class Contents {
  private final List<Segment> segments = new ArrayList<>();
  private final EntryIndex index = new EntryIndex();
  private final LogState state;
  private Identity identity;
  private long batch;
  private int checksum;

  /**
   * Before the first record.
   *
   * @param batch the number of the batch before it
   * @param checksum the checksum of the record before it
   */
  Contents(Identity identity, LogState state, long batch, int checksum) {
    this.identity = identity;
    this.state = state;
    this.batch = batch;
    this.checksum = checksum;
  }

  /** Ascending and without gaps; the last one is written to. */
  List<Segment> segments() {
    return segments;
  }

  @Nullable Segment newest() {
    return segments.isEmpty() ? null : segments.getLast();
  }

  EntryIndex index() {
    return index;
  }

  LogState state() {
    return state;
  }

  Identity identity() {
    return identity;
  }

  /** The number of the last batch. */
  long batch() {
    return batch;
  }

  /** The checksum of the last record. */
  int checksum() {
    return checksum;
  }

  /** Adds a record that is at an offset. */
  void add(Segment segment, long offset, WalRecord record) {
    switch (record) {
      case WalRecord.Opening opening -> {
        segment.opened(opening);
        segments.add(segment);
      }
      case WalRecord.State(long term, long votedFor) -> state.voted(term, votedFor);
      case WalRecord.Append(Entry entry) -> append(segment, offset, entry);
      case WalRecord.Reset reset -> {
        index.clear();
        wrote(reset.snapshot().index() + 1);
        state.reset(reset.snapshot(), segment.number());
      }
      case WalRecord.Boot boot -> identity = identity.withBoot(boot.number());
    }
  }

  /** Ends a batch, of which all records have been added. */
  void ended(long number, int lastChecksum) {
    batch = number;
    checksum = lastChecksum;
  }

  private void append(Segment segment, long offset, Entry entry) {
    Check.that(state.takes(entry.index()), "an entry follows the log or replaces a part of it");
    if (entry.index() <= state.last().index()) {
      wrote(entry.index());
    }
    index.append(entry.index(), segment, offset);
    state.append(entry);
  }

  private void wrote(long entryIndex) {
    segments.forEach(segment -> segment.wrote(entryIndex));
  }
}
