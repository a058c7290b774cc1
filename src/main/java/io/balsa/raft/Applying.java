package io.balsa.raft;

import io.balsa.bytes.Check;
import java.util.List;

/**
 * Hands committed entries to the state machine: each once, in order, up to the smaller of {@code
 * commitIndex} and the own durable index, and no more at a time than it can hold.
 */
final class Applying {
  private final RaftLog log;
  private final long unappliedBytesMax;
  private final Outstanding unapplied = new Outstanding();
  private long commitIndex;
  private long handedOut;
  private boolean suspended;

  /** The next entry was loaded and did not fit: to load it again makes no sense before it may. */
  private boolean crowded;

  Applying(RaftLog log, long unappliedBytesMax, long applied) {
    Check.that(
        applied >= log.start().index() && applied <= log.last().index(),
        "the applied index is in the log");
    this.log = log;
    this.unappliedBytesMax = unappliedBytesMax;
    commitIndex = applied;
    handedOut = applied;
  }

  /** Entries up to an index are committed; a lower one than known says nothing. */
  void commitTo(long index) {
    Check.that(index <= log.last().index(), "what is committed is in the log");
    commitIndex = Math.max(commitIndex, index);
  }

  /**
   * The state machine has applied everything up to an index; or is a snapshot's, soon to be told.
   */
  void applied(long index) {
    Check.that(suspended || index <= handedOut, "what is applied was handed out");
    unapplied.release(index);
    crowded = false;
  }

  /**
   * Hands nothing out until {@link #reset} or {@link #resume}: a snapshot is about to take the
   * state's place.
   */
  void suspend() {
    suspended = true;
  }

  /** The snapshot was not whole: the old state stays in force. */
  void resume() {
    suspended = false;
  }

  /** The state is that of a snapshot. */
  void reset(long index) {
    Check.that(index >= commitIndex, "a snapshot brings the state forward");
    commitIndex = index;
    handedOut = index;
    unapplied.clear();
    suspended = false;
    crowded = false;
  }

  /** Adds the {@link Effect.Commit} that is due and possible from memory, if any. */
  void handOut(List<Effect> effects) {
    long next = handedOut + 1;
    if (mayHandOut() && log.recent().contains(next)) {
      long room = room();
      if (unapplied.isEmpty() || log.recent().bytesAt(next) <= room) {
        handOut(log.recent().slice(next, limit(), room), effects);
      }
    }
  }

  /** The index that must be loaded before anything can be handed out; 0 for none. */
  long wanted() {
    long next = handedOut + 1;
    return mayHandOut() && !crowded && !log.recent().contains(next) ? next : 0;
  }

  /** Entries of the log were loaded; those that are next are handed out. */
  void offer(List<Entry> entries, List<Effect> effects) {
    long skipped = handedOut + 1 - entries.getFirst().index();
    if (skipped < 0 || skipped >= entries.size() || !mayHandOut()) {
      return;
    }
    int from = (int) skipped;
    int to = from;
    long bytes = 0;
    while (to < entries.size() && entries.get(to).index() <= limit()) {
      bytes += entries.get(to).bytes();
      if (bytes > room() && (to > from || !unapplied.isEmpty())) {
        break;
      }
      to++;
    }
    crowded = to == from;
    if (!crowded) {
      handOut(entries.subList(from, to), effects);
    }
  }

  private void handOut(List<Entry> entries, List<Effect> effects) {
    long bytes = 0;
    for (Entry entry : entries) {
      Check.that(entry.index() == ++handedOut, "entries are applied in order");
      bytes += entry.bytes();
    }
    Check.that(handedOut <= limit(), "only committed and durable entries are applied");
    unapplied.add(handedOut, bytes);
    effects.add(new Effect.Commit(entries));
  }

  private boolean mayHandOut() {
    return !suspended && handedOut < limit() && room() > 0;
  }

  private long room() {
    return unappliedBytesMax - unapplied.bytes();
  }

  private long limit() {
    return Math.min(commitIndex, log.durableIndex());
  }

  long commitIndex() {
    return commitIndex;
  }

  /** The last index that the state machine was given. */
  long handedOut() {
    return handedOut;
  }
}
