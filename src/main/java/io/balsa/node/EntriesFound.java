package io.balsa.node;

import io.balsa.host.DiskTrouble;
import io.balsa.logging.LogEvent;
import io.balsa.raft.Entry;
import io.balsa.wire.Frame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Finds the entries that a server with a damaged log asks for, as many as go into an answer. */
final class EntriesFound {
  private static final LogEvent UNREADABLE =
      LogEvent.warn(
          "io.balsa.node",
          "an entry that a peer asks for cannot be read",
          "check the disk: this server's log may be damaged, and a restart repairs it");

  /** An answer ends with the entry that reaches so many bytes. */
  private static final int BYTES = 1 << 20;

  private EntriesFound() {}

  /** A log. */
  interface Log {
    /** The entry of an index, or nothing. */
    List<Entry> read(long index) throws IOException;
  }

  /**
   * The answer. It leaves out an entry that cannot be read here; this server reports the damage
   * when it needs the entry itself.
   */
  static Frame.EntriesAnswer of(List<Long> indexes, Log log) {
    List<Entry> entries = new ArrayList<>();
    long considered = 0;
    long bytes = 0;
    for (long index : indexes) {
      if (bytes < BYTES) {
        considered = index;
        for (Entry entry : read(index, log)) {
          entries.add(entry);
          bytes += entry.bytes();
        }
      }
    }
    return new Frame.EntriesAnswer(considered, entries);
  }

  private static List<Entry> read(long index, Log log) {
    try {
      return log.read(index);
    } catch (IOException e) {
      UNREADABLE.log("index", index, "error", DiskTrouble.words(e));
      return List.of();
    }
  }
}
