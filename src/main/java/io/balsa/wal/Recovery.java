package io.balsa.wal;

import io.balsa.bytes.Bytes;
import io.balsa.raft.Configuration;
import io.balsa.raft.Entry;
import io.balsa.raft.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Recovers the log after a crash.
 *
 * <ol>
 *   <li>Batches are replayed in their order, up to the first place without a whole batch.
 *   <li>A batch is written only when all before it are forced. So a batch that is not whole is the
 *       last one, torn by a crash, if no record of a later batch is found: neither after it in its
 *       segment nor in a later segment. No client or leader got an acknowledgement of it, and it is
 *       cut.
 *   <li>Otherwise it was forced and is damaged: {@link WalDamaged}, and nothing is changed.
 *   <li>A segment begins only after all before it are forced. A segment without a record, or with a
 *       torn first batch, is deleted.
 * </ol>
 *
 * A crash may interrupt every step of the repair; the next start repeats the step.
 */
final class Recovery {
  private static final int PIECE_BYTES = 1 << 20;
  private static final int FIRST_PIECE_BYTES = 4096;
  private static final String LOST = "what was forced here cannot be read, and later batches can";

  private final SegmentFiles files;
  private final Identity expected;
  private final RecoveredEntries recent;
  private final List<Segment> opened = new ArrayList<>();

  /** Segments that a compaction had not dropped yet when a crash interrupted it. */
  private final List<Long> halfDropped = new ArrayList<>();

  private final Contents empty;
  private Contents contents;
  private @Nullable Segment discarded;

  /**
   * Whether the end of the log that the first segment names was overwritten in it or later. The log
   * cannot start there. Only an interrupted compaction leaves such a segment as the first.
   */
  private boolean startOverwritten;

  /** The offset of the first record that is not part of a whole batch. */
  private long stoppedAt;

  private long lastBatchAt;

  private Recovery(
      SegmentFiles files, Identity ifNew, Configuration first, RecoveredEntries recent) {
    this.files = files;
    this.expected = ifNew;
    this.recent = recent;
    LogState beginning = new LogState(new Snapshot(0, 0, first), 0, 0, 0);
    this.empty = new Contents(ifNew.withBoot(0), beginning, 0, 0);
    this.contents = empty;
  }

  /**
   * Recovers, and cuts the batch that the last crash tore.
   *
   * @param recent gets the newest entries
   */
  static Contents run(
      SegmentFiles files, Identity ifNew, Configuration first, RecoveredEntries recent)
      throws IOException {
    Recovery recovery = new Recovery(files, ifNew, first, recent);
    boolean recovered = false;
    try {
      Tail tail = recovery.replay();
      recovery.repair(tail);
      recovered = true;
      return recovery.contents;
    } finally {
      if (!recovered) {
        recovery.release();
      }
    }
  }

  private Tail replay() throws IOException {
    List<Long> numbers = files.numbers();
    for (int i = 0; i < numbers.size(); i++) {
      if (i > 0 && numbers.get(i) != numbers.get(i - 1) + 1) {
        throw WalDamaged.missing(files.path(numbers.get(i - 1) + 1));
      }
    }
    replay(numbers);
    while (startOverwritten) {
      halfDropped.add(numbers.get(halfDropped.size()));
      if (halfDropped.size() == numbers.size()) {
        throw WalDamaged.at(files.path(numbers.getLast()), 0, "the log cannot start here");
      }
      replay(numbers.subList(halfDropped.size(), numbers.size()));
    }
    return tailOfNewest();
  }

  private void replay(List<Long> numbers) throws IOException {
    release();
    contents = empty;
    recent.clear();
    startOverwritten = false;
    for (int i = 0; i < numbers.size() && !startOverwritten; i++) {
      Segment segment = files.open(numbers.get(i));
      opened.add(segment);
      replay(segment, i == numbers.size() - 1);
    }
  }

  private void release() throws IOException {
    for (Segment segment : opened) {
      segment.release();
    }
    opened.clear();
  }

  private Tail tailOfNewest() throws IOException {
    Segment newest = contents.newest();
    if (newest == null) {
      return new Tail(0, false);
    }
    Tail tail = Tail.search(newest, newest.end(), contents.batch() + 2);
    if (tail.laterBatch()) {
      throw WalDamaged.at(newest.path(), stoppedAt, LOST);
    }
    return tail;
  }

  private void replay(Segment segment, boolean newest) throws IOException {
    Segment previous = contents.newest();
    RecordReader.Placed first = new RecordReader(segment, 0, FIRST_PIECE_BYTES).next();
    refuseUnknownVersion(segment);
    if (first == null || !(first.record() instanceof WalRecord.Opening opening)) {
      notBegun(segment, previous, newest);
      return;
    }
    refuseForeign(segment, opening);
    if (previous == null) {
      beginWith(segment, opening, first.link());
    } else {
      continueWith(segment, opening, first.link(), previous);
    }
    replayBatches(segment);
    if (segment.end() == 0 && !startOverwritten) {
      discard(segment, newest, stoppedAt);
    }
  }

  /** The first record is none: not written yet, torn or damaged. */
  private void notBegun(Segment segment, @Nullable Segment previous, boolean newest)
      throws IOException {
    if (previous != null
        && Tail.search(previous, previous.end(), Long.MAX_VALUE).end() > previous.end()) {
      throw WalDamaged.at(previous.path(), stoppedAt, LOST);
    }
    discard(segment, newest, 0);
  }

  /** Leaves out a segment without a whole batch, if a crash can have left it so. */
  private void discard(Segment segment, boolean newest, long damagedAt) throws IOException {
    Segment previous = contents.newest();
    boolean torn =
        newest
            && (previous != null || segment.number() == 1)
            && !Tail.search(segment, 0, contents.batch() + 2).laterBatch();
    if (!torn) {
      throw WalDamaged.at(segment.path(), damagedAt, LOST);
    }
    discarded = segment;
    if (previous == null) {
      contents = empty;
    } else {
      stoppedAt = previous.end();
    }
  }

  private void beginWith(Segment segment, WalRecord.Opening opening, RecordFormat.Link link)
      throws IOException {
    Snapshot start =
        new Snapshot(opening.before().index(), opening.before().term(), opening.configuration());
    LogState state = new LogState(start, segment.number(), opening.term(), opening.votedFor());
    contents = new Contents(opening.identity(), state, link.batch() - 1, link.previous());
  }

  private void continueWith(
      Segment segment, WalRecord.Opening opening, RecordFormat.Link link, Segment previous)
      throws IOException {
    if (link.batch() != contents.batch() + 1 || link.previous() != contents.checksum()) {
      throw WalDamaged.at(previous.path(), stoppedAt, LOST);
    }
    LogState state = contents.state();
    if (opening.segment() != segment.number()
        || opening.term() != state.term()
        || opening.votedFor() != state.votedFor()
        || !opening.before().equals(state.last())) {
      throw WalDamaged.at(segment.path(), 0, "it does not continue the segment before it");
    }
  }

  private void replayBatches(Segment segment) throws IOException {
    RecordReader reader = new RecordReader(segment, 0, PIECE_BYTES);
    List<RecordReader.Placed> batch = new ArrayList<>();
    long number = contents.batch() + 1;
    int checksum = contents.checksum();
    RecordReader.Placed placed = reader.next();
    while (placed != null && follows(placed, number, checksum) && !startOverwritten) {
      batch.add(placed);
      checksum = placed.checksum();
      if (placed.link().last()) {
        add(segment, batch);
        contents.ended(number, checksum);
        number++;
        batch.clear();
      }
      placed = reader.next();
    }
    stoppedAt = placed == null ? reader.offset() : placed.offset();
  }

  private static boolean follows(RecordReader.Placed placed, long batch, int checksum) {
    return placed.link().batch() == batch
        && placed.link().previous() == checksum
        && (placed.offset() == 0) == placed.record() instanceof WalRecord.Opening;
  }

  private void add(Segment segment, List<RecordReader.Placed> batch) throws IOException {
    for (RecordReader.Placed placed : batch) {
      if (placed.record() instanceof WalRecord.Append(Entry entry)) {
        startOverwritten = overwritesStart(entry);
        if (startOverwritten) {
          return;
        }
        if (!contents.state().takes(entry.index())) {
          throw WalDamaged.at(
              segment.path(), placed.offset(), "entry %d has no place".formatted(entry.index()));
        }
        recent.append(entry);
      } else if (placed.record() instanceof WalRecord.Reset) {
        recent.clear();
      }
      contents.add(segment, placed.offset(), placed.record());
    }
    lastBatchAt = batch.getFirst().offset();
    segment.endAt(batch.getLast().end());
  }

  private boolean overwritesStart(Entry entry) {
    Snapshot start = contents.state().start();
    return entry.index() <= start.index()
        && start.position().equals(contents.segments().getFirst().before());
  }

  /**
   * Changes the disk for the first time. The names and the last batch that were found may be in the
   * page cache only. So the names are forced before others change, and the last batch before
   * anything is written after it. The batch is written once more before, because after a failed
   * force a second force proves nothing.
   */
  private void repair(Tail tail) throws IOException {
    files.forceDirectory();
    for (long number : halfDropped) {
      files.delete(number);
    }
    if (discarded != null) {
      files.delete(discarded.number());
      discarded.release();
    }
    Segment newest = contents.newest();
    if (newest != null) {
      int size = (int) (newest.end() - lastBatchAt);
      Bytes batch = newest.file().readExactly(lastBatchAt, size);
      newest.file().write(lastBatchAt, batch.buffer());
      newest.file().write(newest.end(), ByteBuffer.allocate((int) (tail.end() - newest.end())));
      newest.file().force();
    }
    files.deleteLeftovers();
  }

  private void refuseUnknownVersion(Segment segment) throws IOException {
    byte[] start = new byte[RecordFormat.HEADER_BYTES];
    if (segment.read(0, ByteBuffer.wrap(start)) < start.length) {
      return;
    }
    RecordFormat.Header header = RecordFormat.header(start, 0, segment.number(), 0);
    if (header != null && header.version() != RecordFormat.VERSION) {
      throw new WalForeign(
          "log segment %s is of format %d, this program knows format %d: run the program that wrote it"
              .formatted(segment.path(), header.version(), RecordFormat.VERSION));
    }
  }

  private void refuseForeign(Segment segment, WalRecord.Opening opening) throws IOException {
    Identity found = opening.identity();
    boolean own = found.clusterId() == expected.clusterId() && found.member() == expected.member();
    if (!own || (contents.newest() != null && found.disk() != contents.identity().disk())) {
      throw new WalForeign(
          "log segment %s belongs to member %x of cluster %x, but by its flags this server is member %x of cluster %x: check --data-dir, --name, --initial-cluster and --initial-cluster-token"
              .formatted(
                  segment.path(),
                  found.member(),
                  found.clusterId(),
                  expected.member(),
                  expected.clusterId()));
    }
  }
}
