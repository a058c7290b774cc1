package io.balsa.raft;

import io.balsa.bytes.Check;
import java.util.List;

/**
 * Hands committed entries to the state machine: each once and in order, up to the smaller of {@code
 * commitIndex} and this server's durable index. The bytes of unapplied entries are bounded.
 */
final class Applying {
  private final RaftLog log;
  private final ServerState.Effects effects;
  private final long unappliedBytesMax;
  private final Outstanding unapplied = new Outstanding();
  private long commitIndex;
  private long handedOut;
  private boolean suspended;

  /** The next entry was loaded but exceeds the bound; it is loaded again when it fits. */
  private boolean crowded;

  Applying(RaftLog log, ServerState.Effects effects, long unappliedBytesMax, long applied) {
    Check.that(
        applied >= log.start().index() && applied <= log.last().index(),
        "the applied index is in the log");
    this.log = log;
    this.effects = effects;
    this.unappliedBytesMax = unappliedBytesMax;
    commitIndex = applied;
    handedOut = applied;
  }

  /** Entries up to an index are committed; an index lower than the known one is ignored. */
  void commitTo(long index) {
    Check.that(index <= log.last().index(), "committed entries are in the log");
    commitIndex = Math.max(commitIndex, index);
  }

  /** Everything up to an index is applied; while suspended, this may be a snapshot's index. */
  void applied(long index) {
    Check.that(suspended || index <= handedOut, "applied entries were handed out");
    unapplied.release(index);
    crowded = false;
  }

  /**
   * Hands out nothing until {@link #reset} or {@link #resume}, because a snapshot is about to
   * replace the state.
   */
  void suspend() {
    suspended = true;
  }

  /** The snapshot was incomplete: the old state stays. */
  void resume() {
    suspended = false;
  }

  /** A snapshot has replaced the state. */
  void reset(long index) {
    Check.that(index >= commitIndex, "a snapshot brings the state forward");
    commitIndex = index;
    handedOut = index;
    unapplied.clear();
    suspended = false;
    crowded = false;
  }

  /** Emits an {@link Effect.Commit} if committed entries are in memory and within the bound. */
  void handOut() {
    long next = handedOut + 1;
    if (mayHandOut() && log.recent().contains(next)) {
      long room = room();
      if (unapplied.isEmpty() || log.recent().bytesAt(next) <= room) {
        handOut(log.recent().slice(next, limit(), room));
      }
    }
  }

  /** The index of the next entry, if it must be loaded from the log's files; 0 for none. */
  long wanted() {
    long next = handedOut + 1;
    return mayHandOut() && !crowded && !log.recent().contains(next) ? next : 0;
  }

  /** Entries were loaded; the next ones are handed out. */
  void offer(List<Entry> entries) {
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
      handOut(entries.subList(from, to));
    }
  }

  private void handOut(List<Entry> entries) {
    long bytes = 0;
    for (Entry entry : entries) {
      Check.that(entry.index() == ++handedOut, "entries are applied in order");
      bytes += entry.bytes();
    }
    Check.that(handedOut <= limit(), "only committed and durable entries are applied");
    unapplied.add(handedOut, bytes);
    effects.emit(new Effect.Commit(entries));
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

  /** The last index that was handed to the state machine. */
  long handedOut() {
    return handedOut;
  }
}
