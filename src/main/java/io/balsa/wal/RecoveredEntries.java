package io.balsa.wal;

import io.balsa.raft.Entry;
import io.balsa.raft.LogPosition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** The entries that recovery collects: the newest ones, bounded in bytes, and the terms of all. */
final class RecoveredEntries {
  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private final List<LogPosition> terms = new ArrayList<>();
  private final long bytesMax;
  private long bytes;

  RecoveredEntries(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** The newest entries, ascending. */
  List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** The first entry of every run of entries of one term, ascending. */
  List<LogPosition> terms() {
    return List.copyOf(terms);
  }

  void append(Entry entry) {
    while (!entries.isEmpty() && entries.getLast().index() >= entry.index()) {
      bytes -= entries.removeLast().bytes();
    }
    while (!terms.isEmpty() && terms.getLast().index() >= entry.index()) {
      terms.removeLast();
    }
    if (terms.isEmpty() || terms.getLast().term() != entry.term()) {
      terms.add(entry.position());
    }
    entries.add(entry);
    bytes += entry.bytes();
    while (bytes > bytesMax) {
      bytes -= entries.removeFirst().bytes();
    }
  }

  void clear() {
    entries.clear();
    terms.clear();
    bytes = 0;
  }
}
