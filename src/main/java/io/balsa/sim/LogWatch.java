package io.balsa.sim;

import io.balsa.raft.Entry;
import io.balsa.raft.LogPosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log as leaders send it to their followers, and its committed part, learned without asking a
 * server: an entry is sent to a follower before a majority can have it.
 *
 * <ol>
 *   <li>Election safety: one leader in a term (thesis figure 3.2).
 *   <li>Log matching: an index and a term identify one entry and one predecessor.
 *   <li>Leader completeness: the leaders of a term and of all later ones have the entries committed
 *       in it.
 *   <li>State machine safety: an index is committed once.
 * </ol>
 */
final class LogWatch {
  /** An entry and the term of the one before it. */
  private record Told(Entry entry, long previousTerm) {}

  /**
   * An entry that is committed.
   *
   * @param leaderTerm the term of the first leader that sent a commit index at or beyond it
   * @param toldAt the time when a leader first sent the entry
   * @param seenAt the time when a leader first sent such a commit index
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

  /** The committed entries, from index 1 on. */
  List<Committed> committed() {
    return committed;
  }

  /** The term of an entry in the log of a term's leader; null if it did not send the entry. */
  @Nullable Long ownTerm(long index, long leaderTerm) {
    return ownLogs.get(new LogPosition(index, leaderTerm));
  }

  /**
   * Whether a log has the committed entry at an index, if both are known. A log never replaces an
   * entry that its state machine has applied (thesis figure 3.2).
   */
  boolean agrees(DurableLog durable, long index) {
    return index <= durable.start()
        || index > durable.last()
        || index > committed.size()
        || durable.termAt(index) == committed.get((int) index - 1).entry.term();
  }

  /** The leader of a term; 0 when none is known. */
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

  /** Checks that a new leader's log has the entries committed in earlier terms. */
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

  /** Checks that a leader never replaces an entry of its own log (thesis figure 3.2). */
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

  /** A leader sends its commit index. */
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
    world.expect(
        first == committed.size() + 1, () -> "an entry is committed that was sent to no follower");
    if (!committed.isEmpty() && at != null && !at.entry.equals(committed.getLast().entry)) {
      world.breaks("committed is " + committed.getLast() + ", and then " + at);
    }
    if (fresh.getFirst().entry.term() > fresh.getLast().entry.term()) {
      world.marks().hit(Mark.OLD_TERM_COMMITTED_BY_NEW);
    }
    committed.addAll(fresh.reversed());
  }
}
