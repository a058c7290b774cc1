package io.balsa.wal;

import io.balsa.raft.Configuration;
import io.balsa.raft.Effect;
import io.balsa.raft.Entry;
import io.balsa.raft.LogPosition;
import io.balsa.raft.Recovered;
import io.balsa.raft.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a log must hold, in the simplest form: a list that nothing is ever dropped from but resets.
 */
final class ModelLog {
  private long term;
  private long votedFor;
  private Snapshot base;
  private final List<Entry> entries = new ArrayList<>();

  ModelLog(Configuration first) {
    base = new Snapshot(0, 0, first);
  }

  ModelLog copy() {
    ModelLog copy = new ModelLog(base.configuration());
    copy.term = term;
    copy.votedFor = votedFor;
    copy.base = base;
    copy.entries.addAll(entries);
    return copy;
  }

  long term() {
    return term;
  }

  long votedFor() {
    return votedFor;
  }

  long base() {
    return base.index();
  }

  LogPosition last() {
    return entries.isEmpty() ? base.position() : entries.getLast().position();
  }

  void write(Effect effect) {
    if (effect instanceof Effect.Persist persist) {
      term = persist.term();
      votedFor = persist.votedFor();
      for (Entry entry : persist.append()) {
        entries.subList((int) (entry.index() - base.index() - 1), entries.size()).clear();
        entries.add(entry);
      }
    } else if (effect instanceof Effect.Reset reset) {
      base = reset.snapshot();
      entries.clear();
    }
  }

  /** The entries after an index and up to another one. */
  List<Entry> between(long after, long upTo) {
    return entries.stream().filter(e -> e.index() > after && e.index() <= upTo).toList();
  }

  /** What recovery must say when the log starts at an index and it keeps nothing in memory. */
  Recovered recovered(long start) {
    List<Entry> left = between(start, Long.MAX_VALUE);
    List<LogPosition> terms = new ArrayList<>();
    for (Entry entry : left) {
      if (terms.isEmpty() || terms.getLast().term() != entry.term()) {
        terms.add(entry.position());
      }
    }
    return new Recovered(
        term,
        votedFor,
        snapshotAt(start),
        terms,
        left.stream().filter(entry -> entry.kind() == Entry.Kind.CONFIGURATION).toList(),
        List.of(),
        last(),
        start);
  }

  /** Whether the newest entries, and nothing else, are in memory. */
  boolean endsWith(List<Entry> recent) {
    return recent.equals(entries.subList(entries.size() - recent.size(), entries.size()));
  }

  private Snapshot snapshotAt(long index) {
    if (index == base.index()) {
      return base;
    }
    List<Entry> upTo = between(0, index);
    Configuration configuration =
        Stream.concat(
                Stream.of(base.configuration()),
                upTo.stream()
                    .filter(entry -> entry.kind() == Entry.Kind.CONFIGURATION)
                    .map(entry -> Configuration.decode(entry.payload())))
            .reduce((_, later) -> later)
            .orElseThrow();
    return new Snapshot(index, upTo.getLast().term(), configuration);
  }
}
