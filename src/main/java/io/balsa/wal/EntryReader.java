package io.balsa.wal;

import io.balsa.raft.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads entries once; some may be replaced or dropped meanwhile. */
final class EntryReader {
  private static final int PIECE_BYTES_MAX = 1 << 20;

  private final EntryIndex index;
  private final long to;
  private final long bytesMax;
  private final List<Entry> entries = new ArrayList<>();
  private long next;
  private long bytes;
  private boolean full;

  EntryReader(EntryIndex index, long from, long to, int bytesMax) {
    this.index = index;
    this.next = from;
    this.to = to;
    this.bytesMax = bytesMax;
  }

  /** The entries from the first one wanted on; none if the log was overwritten meanwhile. */
  List<Entry> read() throws IOException {
    long overwrites = index.overwrites();
    while (next <= to && !full) {
      EntryIndex.Stretch stretch = index.find(next);
      if (stretch == null) {
        break;
      }
      try {
        read(stretch);
      } finally {
        stretch.segment().release();
      }
    }
    return overwrites == index.overwrites() ? entries : List.of();
  }

  private void read(EntryIndex.Stretch stretch) throws IOException {
    long pieceBytes = Math.min(bytesMax + EntryIndex.STRIDE_BYTES, PIECE_BYTES_MAX);
    RecordReader reader = new RecordReader(stretch.segment(), stretch.offset(), (int) pieceBytes);
    long last = Math.min(to, stretch.last());
    for (long at = stretch.offsetIndex(); at <= last && !full; at++) {
      Entry entry = entry(reader, stretch.segment(), at);
      if (at == next) {
        take(entry);
      }
    }
  }

  private void take(Entry entry) {
    full = !entries.isEmpty() && bytes + entry.bytes() > bytesMax;
    if (!full) {
      entries.add(entry);
      bytes += entry.bytes();
      next++;
    }
  }

  /** The next entry that the file holds, which must be the one of this index. */
  private static Entry entry(RecordReader reader, Segment segment, long wanted) throws IOException {
    RecordReader.Placed placed = reader.next();
    while (placed != null) {
      if (placed.record() instanceof WalRecord.Append(Entry entry)) {
        if (entry.index() == wanted) {
          return entry;
        }
        break;
      }
      placed = reader.next();
    }
    throw WalDamaged.at(
        segment.path(), reader.offset(), "entry %d is not there any more".formatted(wanted));
  }
}
