package io.balsa.sim;

import io.balsa.raft.Entry;
import io.balsa.raft.LogPosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log as leaders tell it to their followers, and what of it is committed, without asking any
 * server: an entry is on the way to a follower before a majority can have it.
 *
 * <ol>
 *   <li>Election safety: one leader in a term (thesis figure 3.2).
 *   <li>Log matching: an index and a term name one entry and one predecessor.
 *   <li>Leader completeness: what was committed is in the log of every leader of that term and
 *       later ones.
 *   <li>State machine safety: an index is committed once.
 * </ol>
 */
final class LogWatch {
  /** An entry and the term of the one before it. */
  private record Told(Entry entry, long previousTerm) {}

  /**
   * An entry that is committed.
   *
   * @param leaderTerm the term of the leader that was first seen to say so
   * @param toldAt when a leader first sent it
   * @param seenAt when a leader was first seen to say so
   */
  record Committed(Entry entry, long leaderTerm, long toldAt, long seenAt) {}

  private final World world;
  private final HashMap<Long, Long> leaders = new HashMap<>();
  private final HashMap<LogPosition, Told> told = new HashMap<>();
  private final HashMap<LogPosition, Long> toldAt = new HashMap<>();
  private final HashMap<LogPosition, Long> ownLogs = new HashMap<>();
  private final List<Committed> committed = new ArrayList<>();

  LogWatch(World world) {
    this.world = world;
  }

  /** What is committed, from index 1 on. */
  List<Committed> committed() {
    return committed;
  }

  /** The term of an entry in the log of a term's leader, as far as it told it; null if not. */
  @Nullable Long ownTerm(long index, long leaderTerm) {
    return ownLogs.get(new LogPosition(index, leaderTerm));
  }

  /**
   * Whether a log has at an index what is committed there, as far as both are known: what a state
   * machine has applied, its log never replaces (thesis figure 3.2).
   */
  boolean agrees(DurableLog durable, long index) {
    return index <= durable.start()
        || index > durable.last()
        || index > committed.size()
        || durable.termAt(index) == committed.get((int) index - 1).entry.term();
  }

  /** Who leads a term; 0 when nobody is known to. */
  long leaderOf(long term) {
    return leaders.getOrDefault(term, 0L);
  }

  /** A server acts as leader of a term. */
  void leads(long server, long term) {
    Long other = leaders.putIfAbsent(term, server);
    world.expect(
        other == null || other == server,
        () -> "servers " + other + " and " + server + " both lead term " + term);
  }

  /** A leader sends entries. */
  void tells(long term, LogPosition previous, List<Entry> entries) {
    holdAgainstCommitted(term, previous);
    LogPosition last = previous;
    for (Entry entry : entries) {
      world.expect(entry.index() == last.index() + 1, () -> "entries are sent without a gap");
      holdAppendOnly(term, entry);
      Told now = new Told(entry, last.term());
      Told before = told.putIfAbsent(entry.position(), now);
      if (before == null) {
        toldAt.put(entry.position(), world.now());
      } else if (!before.equals(now)) {
        world.breaks("logs differ at " + entry.position() + ": " + before + " and " + now);
      }
      last = entry.position();
      holdAgainstCommitted(term, last);
    }
  }

  /** A new leader's log ends no earlier than what was committed in the terms before its own. */
  void holdComplete(long term, LogPosition last) {
    for (int i = committed.size() - 1; i >= 0; i--) {
      Committed newest = committed.get(i);
      if (newest.leaderTerm < term) {
        world.expect(
            last.index() >= newest.entry.index(),
            () -> "the leader of term " + term + " ends at " + last + " and lacks " + newest);
        return;
      }
    }
  }

  /** A leader never replaces an entry of its own log (thesis figure 3.2). */
  private void holdAppendOnly(long term, Entry entry) {
    Long other = ownLogs.putIfAbsent(new LogPosition(entry.index(), term), entry.term());
    world.expect(
        other == null || other == entry.term(),
        () -> "the leader of term " + term + " replaced entry " + entry.index() + " of its log");
  }

  private void holdAgainstCommitted(long term, LogPosition position) {
    if (position.index() == 0 || position.index() > committed.size()) {
      return;
    }
    Committed there = committed.get((int) position.index() - 1);
    if (term >= there.leaderTerm && there.entry.term() != position.term()) {
      world.breaks(
          "the leader of term " + term + " has " + position + " where " + there + " is committed");
    }
  }

  /** A leader says how far its log is committed. */
  void commits(long term, long index) {
    Told last = told.get(new LogPosition(index, term));
    if (index <= committed.size() || last == null) {
      return;
    }
    List<Committed> fresh = new ArrayList<>();
    @Nullable Told at = last;
    while (at != null && at.entry.index() > committed.size()) {
      long first = toldAt.getOrDefault(at.entry.position(), world.now());
      fresh.add(new Committed(at.entry, term, first, world.now()));
      at = told.get(new LogPosition(at.entry.index() - 1, at.previousTerm));
    }
    long first = fresh.getLast().entry.index();
    world.expect(first == committed.size() + 1, () -> "an entry is committed that nobody was sent");
    if (!committed.isEmpty() && at != null && !at.entry.equals(committed.getLast().entry)) {
      world.breaks("committed is " + committed.getLast() + ", and then " + at);
    }
    if (fresh.getFirst().entry.term() > fresh.getLast().entry.term()) {
      world.marks().hit(Mark.OLD_TERM_COMMITTED_BY_NEW);
    }
    committed.addAll(fresh.reversed());
  }
}
