package io.balsa.wal;

import io.balsa.host.Disk;
import io.balsa.raft.Configuration;
import io.balsa.raft.Entry;
import io.balsa.raft.Snapshot;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Repairs a damaged log with entries that other servers have. It writes only bytes that the chain
 * of checksums proves to have been there. So the log becomes the one that it was, and {@link
 * Wal#open} then finds no damage. Nothing else of the server runs meanwhile.
 *
 * <p>Used by one lane at a time.
 */
public final class WalRepair implements Closeable {
  /** How many indexes are asked for at a time. */
  public static final int WANTED_MAX = Hole.ENTRIES_MAX;

  private static final int PIECE_BYTES = 4096;
  private static final long BATCH_BYTES_MAX = 256 << 20;

  private final Identity expected;
  private final Configuration first;
  private final SegmentFiles files;
  private final List<Segment> segments;
  private final TreeMap<Long, List<Entry>> offered = new TreeMap<>();
  private Survey survey;
  private boolean dropped;

  private WalRepair(
      SegmentFiles files,
      List<Segment> segments,
      Identity expected,
      Configuration first,
      Survey survey) {
    this.files = files;
    this.segments = segments;
    this.expected = expected;
    this.first = first;
    this.survey = survey;
  }

  /**
   * Looks at a log that {@link Wal#open} found damaged, with the same arguments. Changes nothing.
   *
   * @return null when it cannot be repaired: not only entries are damaged, or too many of them
   */
  public static @Nullable WalRepair of(
      Disk disk, String directory, Identity expected, Configuration first) throws IOException {
    SegmentFiles files = new SegmentFiles(disk, directory, 0);
    List<Segment> segments = new ArrayList<>();
    boolean hopeful = false;
    try {
      long next = -1;
      boolean gap = false;
      for (long number : files.numbers()) {
        gap |= next >= 0 && number != next;
        next = number + 1;
        segments.add(files.open(number));
      }
      Survey survey = Survey.of(segments, expected, first);
      hopeful = !gap && survey.isHopeful();
      return hopeful ? new WalRepair(files, segments, expected, first, survey) : null;
    } finally {
      if (!hopeful) {
        release(segments);
      }
    }
  }

  /** The server of the log. */
  public Identity identity() {
    return survey.identity();
  }

  /** Whether no damage is left. */
  public boolean isWhole() {
    return dropped || survey.holes().isEmpty();
  }

  /** The first damage that is left, for an operator: file and offset. */
  public String damage() {
    Hole hole = survey.holes().getFirst();
    int more = survey.holes().size() - 1;
    return "log segment %s is damaged at offset %d%s"
        .formatted(
            hole.segment().path(),
            hole.from(),
            more == 0 ? "" : " and in %d more places".formatted(more));
  }

  /** The indexes of entries that may be missing, ascending, at most {@link #WANTED_MAX}. */
  public List<Long> wanted() {
    TreeSet<Long> wanted = new TreeSet<>();
    survey.holes().forEach(hole -> wanted.addAll(hole.wanted()));
    return wanted.stream().limit(WANTED_MAX).toList();
  }

  /**
   * Takes the entries of other servers at wanted indexes and repairs what it can; when it returns,
   * the repair is durable. Without entries it repairs the damage that needs none.
   *
   * @return whether anything was repaired
   */
  public boolean take(List<Entry> entries) throws IOException {
    for (Entry entry : entries) {
      List<Entry> known = offered.computeIfAbsent(entry.index(), _ -> new ArrayList<>());
      if (!known.contains(entry)) {
        known.add(entry);
      }
    }
    boolean repaired = false;
    while (fill()) {
      repaired = true;
      survey = Survey.of(segments, expected, first);
    }
    offered.keySet().retainAll(new TreeSet<>(wanted()));
    return repaired;
  }

  private boolean fill() throws IOException {
    boolean filled = false;
    for (Hole hole : survey.holes()) {
      ByteBuffer bytes =
          Filling.find(hole, i -> offered.getOrDefault(i, List.of()), survey.termMax());
      if (bytes != null) {
        hole.segment().file().write(hole.from(), bytes);
        hole.segment().file().force();
        filled = true;
      }
    }
    return filled;
  }

  /** Reads a good entry, for other servers that repair their logs; none when it is damaged. */
  public List<Entry> read(long index) throws IOException {
    EntryPlaces.Place place = survey.places().find(index);
    if (place == null) {
      return List.of();
    }
    RecordReader.Placed placed =
        new RecordReader(place.segment(), place.offset(), PIECE_BYTES).next();
    return placed != null && placed.record() instanceof WalRecord.Append(Entry entry)
        ? List.of(entry)
        : List.of();
  }

  /**
   * Restarts the log after the applied index of the durable state machine, if all damage is before
   * that and no other server could help. Entries up to that index are not needed. Later entries are
   * written once more, in one batch of a new segment, and then the old segments are dropped.
   *
   * @param applied the snapshot that the state machine holds
   * @return whether that was possible; nothing was changed otherwise
   */
  public boolean beginAfter(Snapshot applied) throws IOException {
    Survey.End end = survey.end();
    List<WalRecord> records = end == null ? List.of() : after(applied, end.state());
    if (end == null || records.isEmpty()) {
      return false;
    }
    files.forceDirectory();
    files.deleteLeftovers();
    cutTorn(end);
    LogState state = end.state();
    WalRecord.Opening current =
        new WalRecord.Opening(
            end.identity(),
            end.segment().number(),
            state.term(),
            state.votedFor(),
            state.last(),
            state.configuration());
    Contents contents =
        new Contents(end.identity(), state, end.link().batch(), end.link().previous());
    contents.add(end.segment(), 0, current);
    end.segment().endAt(end.segment().capacity());
    new BatchWriter(files, contents).write(records);
    for (Segment old : segments) {
      if (old.number() <= end.segment().number()) {
        files.delete(old.number());
      }
    }
    contents.segments().getLast().release();
    dropped = true;
    return true;
  }

  /** Cuts the bytes after the last whole batch, as after a crash: they were never acknowledged. */
  private void cutTorn(Survey.End end) throws IOException {
    for (Segment segment : segments.reversed()) {
      if (segment.number() > end.segment().number()) {
        files.delete(segment.number());
      }
    }
    long torn = Tail.search(end.segment(), end.offset(), Long.MAX_VALUE).end() - end.offset();
    if (torn > 0) {
      end.segment().file().write(end.offset(), ByteBuffer.allocate((int) torn));
      end.segment().file().force();
    }
  }

  /** The records with which the log will begin; none when they are in doubt. */
  private List<WalRecord> after(Snapshot applied, LogState state) throws IOException {
    if (!survey.isSureAfter(applied.index())) {
      return List.of();
    }
    List<WalRecord> records = new ArrayList<>();
    if (state.term() < applied.term()) {
      records.add(new WalRecord.State(applied.term(), 0));
    }
    records.add(new WalRecord.Reset(applied));
    long bytes = 0;
    for (long index = applied.index() + 1; index <= state.last().index(); index++) {
      List<Entry> entry = read(index);
      bytes += entry.isEmpty() ? 0 : entry.getFirst().bytes();
      if (entry.isEmpty() || bytes > BATCH_BYTES_MAX) {
        return List.of();
      }
      records.add(new WalRecord.Append(entry.getFirst()));
    }
    return records;
  }

  private static void release(List<Segment> segments) throws IOException {
    for (Segment segment : segments) {
      segment.release();
    }
  }

  @Override
  public void close() throws IOException {
    release(segments);
  }
}
