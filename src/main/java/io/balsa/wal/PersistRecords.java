package io.balsa.wal;

import io.balsa.bytes.Check;
import io.balsa.raft.Effect;
import io.balsa.raft.Entry;
import io.balsa.raft.Snapshot;
import java.util.ArrayList;
import java.util.List;

/** The records that effects require; none for state that is durable already. */
final class PersistRecords {
  private final List<WalRecord> records = new ArrayList<>();
  private long term;
  private long votedFor;
  private long start;
  private long last;

  private PersistRecords(LogState state) {
    term = state.term();
    votedFor = state.votedFor();
    start = state.start().index();
    last = state.last().index();
  }

  /**
   * The records that lead from a state to what the effects want.
   *
   * @param effects persists and resets alone
   */
  static List<WalRecord> of(List<Effect> effects, LogState state) {
    PersistRecords gathered = new PersistRecords(state);
    for (Effect effect : effects) {
      if (effect instanceof Effect.Persist persist) {
        gathered.persist(persist);
      } else {
        Check.that(effect instanceof Effect.Reset, "only persists and resets are written");
        gathered.reset(((Effect.Reset) effect).snapshot());
      }
    }
    return gathered.records;
  }

  private void persist(Effect.Persist persist) {
    if (persist.term() != term || persist.votedFor() != votedFor) {
      Check.that(persist.term() >= term, "the term never goes back");
      term = persist.term();
      votedFor = persist.votedFor();
      records.add(new WalRecord.State(term, votedFor));
    }
    for (Entry entry : persist.append()) {
      Check.that(
          entry.index() > start && entry.index() <= last + 1, "an entry has its place in the log");
      last = entry.index();
      records.add(new WalRecord.Append(entry));
    }
  }

  private void reset(Snapshot snapshot) {
    start = snapshot.index();
    last = snapshot.index();
    records.add(new WalRecord.Reset(snapshot));
  }
}
