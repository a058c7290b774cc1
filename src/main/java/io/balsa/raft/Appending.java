package io.balsa.raft;

import io.balsa.bytes.Check;
import io.balsa.raft.Message.AppendEntries;
import io.balsa.raft.Message.AppendEntriesRejected;
import io.balsa.raft.Message.AppendEntriesReply;
import java.util.List;

/**
 * The receiver's side of AppendEntries (thesis 3.5). The message proves that the log matches from
 * {@code prev} to its last entry and no further. The receiver acknowledges only these entries, and
 * commits at most up to them.
 */
final class Appending {
  private Appending() {}

  static void receive(ServerState server, long from, AppendEntries message) {
    RaftLog log = server.log;
    LogPosition prev = message.prev();
    if (prev.index() >= log.start().index() && !log.contains(prev)) {
      Check.that(
          prev.index() > server.applying.commitIndex(), "committed entries match the leader's");
      LogPosition hint = log.lastCandidate(prev);
      server.send(
          from,
          new AppendEntriesRejected(
              server.currentTerm(), prev.index(), hint, message.acknowledged()));
      return;
    }
    store(server, message.entries(), firstNew(log, message));
    long matchIndex = prev.index() + message.entries().size();
    server.applying.commitTo(Math.min(message.commitIndex(), matchIndex));
    long after = server.persistCovering(matchIndex);
    server.sendAfter(after, from, new AppendEntriesReply(server.currentTerm(), matchIndex));
  }

  /**
   * The number of entries that this log has already. It has those before its start: they are
   * committed, so all leaders have the same ones.
   */
  private static int firstNew(RaftLog log, AppendEntries message) {
    List<Entry> entries = message.entries();
    if (message.prev().index() == log.last().index()) {
      return 0;
    }
    long compacted = log.start().index() - message.prev().index();
    int at = (int) Math.min(entries.size(), Math.max(0, compacted));
    while (at < entries.size() && log.contains(entries.get(at).position())) {
      at++;
    }
    return at;
  }

  /** Appends the entries from an index of the list on, and truncates conflicting ones. */
  private static void store(ServerState server, List<Entry> entries, int from) {
    if (from == entries.size()) {
      return;
    }
    long first = entries.get(from).index();
    if (first <= server.log.last().index()) {
      Check.that(first > server.applying.commitIndex(), "no committed entry is overwritten");
      server.log.truncate(first - 1);
    }
    server.append(from == 0 ? entries : entries.subList(from, entries.size()));
  }
}
