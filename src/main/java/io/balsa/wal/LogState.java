package io.balsa.wal;

import io.balsa.bytes.Bytes;
import io.balsa.raft.Configuration;
import io.balsa.raft.Entry;
import io.balsa.raft.LogPosition;
import io.balsa.raft.Snapshot;
import java.util.ArrayList;
import java.util.List;

/** The state that the records so far add up to, without the entries themselves. */
final class LogState {
  private final List<Entry> configurations = new ArrayList<>();
  private long term;
  private long votedFor;
  private Snapshot start;
  private long startSegment;
  private LogPosition last;

  /** A log that starts after a snapshot, or at the beginning. */
  LogState(Snapshot start, long startSegment, long term, long votedFor) {
    this.start = start;
    this.startSegment = startSegment;
    this.last = start.position();
    this.term = term;
    this.votedFor = votedFor;
  }

  /** A copy, which later records do not change. */
  LogState copy() {
    LogState copy = new LogState(start, startSegment, term, votedFor);
    copy.configurations.addAll(configurations);
    copy.last = last;
    return copy;
  }

  long term() {
    return term;
  }

  long votedFor() {
    return votedFor;
  }

  /** The snapshot before the first entry. */
  Snapshot start() {
    return start;
  }

  LogPosition last() {
    return last;
  }

  /** The entries that hold a configuration, ascending. */
  List<Entry> configurations() {
    return configurations;
  }

  /** The configuration in force at the end of the log. */
  Configuration configuration() {
    return configurations.isEmpty()
        ? start.configuration()
        : Configuration.decode(configurations.getLast().payload());
  }

  /** Whether an entry may have this index: in the log or right after its end. */
  boolean takes(long index) {
    return index > start.index() && index <= last.index() + 1;
  }

  void voted(long newTerm, long newVotedFor) {
    term = newTerm;
    votedFor = newVotedFor;
  }

  void append(Entry entry) {
    while (!configurations.isEmpty() && configurations.getLast().index() >= entry.index()) {
      configurations.removeLast();
    }
    if (entry.kind() == Entry.Kind.CONFIGURATION) {
      configurations.add(withOwnPayload(entry));
    }
    last = entry.position();
  }

  /** Restarts the log, by a record in the segment of this number. */
  void reset(Snapshot snapshot, long segment) {
    configurations.clear();
    start = snapshot;
    startSegment = segment;
    last = snapshot.position();
  }

  /** The segments before this one are dropped: the log starts with it. */
  void startsAt(Segment first) {
    if (first.number() > startSegment) {
      LogPosition before = first.before();
      start = new Snapshot(before.index(), before.term(), first.configurationBefore());
      startSegment = first.number();
      configurations.removeIf(entry -> entry.index() <= before.index());
    }
  }

  /** Copies a configuration, which is kept for long: a slice would keep a large array. */
  private static Entry withOwnPayload(Entry entry) {
    Bytes payload = Bytes.wrap(entry.payload().toArray());
    return new Entry(entry.index(), entry.term(), entry.kind(), payload);
  }
}
