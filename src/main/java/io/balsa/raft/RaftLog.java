package io.balsa.raft;

import io.balsa.bytes.Check;
import java.util.List;

/**
 * The core's view of the replicated log: the term of every entry, the configurations, the durable
 * index, and a bounded window of the newest entries.
 *
 * <ol>
 *   <li>{@code start ≤ last}; there are entries in {@code (start, last]}, consecutive.
 *   <li>An entry that is not durable is in the window, so every other entry can be loaded.
 *   <li>{@code durableIndex} never counts a truncated entry.
 * </ol>
 */
final class RaftLog {
  private final long recentBytesMax;
  private final RecentEntries recent = new RecentEntries();
  private final Persists persists;
  private Configurations configurations;
  private TermRuns terms;
  private LogPosition start;
  private LogPosition last;

  RaftLog(long recentBytesMax, Recovered recovered) {
    this.recentBytesMax = recentBytesMax;
    start = recovered.start().position();
    last = recovered.last();
    Check.that(last.index() >= start.index(), "a log ends after its start");
    persists = new Persists(last.index());
    terms = new TermRuns(start);
    recovered.terms().forEach(run -> terms.append(run.index(), run.term()));
    Check.that(terms.termAt(last.index()) == last.term(), "the last run reaches the end");
    configurations = new Configurations(start.index(), recovered.start().configuration());
    recovered.configurations().forEach(configurations::append);
    recovered.recent().forEach(recent::append);
    Check.that(
        recovered.recent().isEmpty() || recovered.recent().getLast().position().equals(last),
        "the recent entries reach the end");
    recent.evict(recentBytesMax, last.index());
  }

  /** Appends entries, and returns the number of their persist. */
  long append(List<Entry> entries) {
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      Check.that(entry.index() == last.index() + 1 + i, "a log has no gaps");
      terms.append(entry.index(), entry.term());
      recent.append(entry);
      if (entry.kind() == Entry.Kind.CONFIGURATION) {
        configurations.append(entry);
      }
    }
    last = entries.getLast().position();
    evict();
    return persists.begin(last.index());
  }

  /** Removes all entries after an index. */
  void truncate(long index) {
    Check.that(index >= start.index() && index < last.index(), "truncation is inside the log");
    last = new LogPosition(index, terms.termAt(index));
    terms.truncate(index);
    recent.truncate(index);
    configurations.truncate(index);
    persists.truncate(index);
  }

  /** Removes all entries up to an index, the new start; does nothing if they are gone. */
  void compact(long index) {
    if (index <= start.index()) {
      return;
    }
    Check.that(index <= last.index(), "compaction is inside the log");
    start = new LogPosition(index, terms.termAt(index));
    terms.compact(start, last.index());
    recent.compact(index);
    configurations.compact(index);
  }

  /** Starts anew after a snapshot; returns the number of the persist that makes this durable. */
  long reset(Snapshot snapshot) {
    start = snapshot.position();
    last = start;
    terms = new TermRuns(start);
    recent.compact(Long.MAX_VALUE);
    configurations = new Configurations(start.index(), snapshot.configuration());
    persists.truncate(0);
    return persists.begin(last.index());
  }

  void persisted(long number) {
    persists.end(number);
    evict();
  }

  private void evict() {
    recent.evict(recentBytesMax, persists.durableIndex());
  }

  /** The term at an index from {@code start} to {@code last}. */
  long termAt(long index) {
    Check.that(index >= start.index() && index <= last.index(), "a term is asked inside the log");
    return terms.termAt(index);
  }

  /** Whether an entry, or the start, has this index and term. */
  boolean contains(LogPosition position) {
    return position.index() >= start.index()
        && position.index() <= last.index()
        && terms.termAt(position.index()) == position.term();
  }

  /** Whether loaded entries are still in this log; others may have replaced them meanwhile. */
  boolean containsAll(List<Entry> entries) {
    for (Entry entry : entries) {
      if (!contains(entry.position())) {
        return false;
      }
    }
    return true;
  }

  /**
   * The last place of this log that can match another log that has {@code place.term()} at {@code
   * place.index()}. Terms grow along a log, so at or before that index no entry of a later term can
   * match.
   */
  LogPosition lastCandidate(LogPosition place) {
    long index = Math.min(place.index(), last.index());
    return index <= start.index() ? start : terms.lastAtMost(index, place.term());
  }

  RecentEntries recent() {
    return recent;
  }

  Persists persists() {
    return persists;
  }

  Configuration configuration() {
    return configurations.newest();
  }

  LogPosition start() {
    return start;
  }

  LogPosition last() {
    return last;
  }

  long durableIndex() {
    return persists.durableIndex();
  }
}
