package io.balsa.wal;

import io.balsa.host.Disk;
import io.balsa.raft.Configuration;
import io.balsa.raft.Effect;
import io.balsa.raft.Entry;
import io.balsa.raft.Recovered;
import java.io.IOException;
import java.util.List;

/**
 * The write-ahead log of one server. All methods are called on one lane, but {@link #read}, {@link
 * #sizeBytes} and {@link #prepareSpare}, which may be called from others; no thread that uses it
 * may be interrupted.
 *
 * <p>After an {@link IOException} from {@link #write} or {@link #compact} the content of the disk
 * is unknown, and the log takes no more writes, seals and compactions: the process must end.
 */
public final class Wal implements AutoCloseable {
  private final SegmentFiles files;
  private final Contents contents;
  private final BatchWriter writer;
  private final Recovered recovered;
  private boolean sealed;
  private volatile boolean failed;
  private volatile long sizeBytes;

  private Wal(SegmentFiles files, Contents contents, RecoveredEntries recent) throws IOException {
    this.files = files;
    this.contents = contents;
    this.writer = new BatchWriter(files, contents);
    writer.write(List.of(new WalRecord.Boot(contents.identity().boot() + 1)));
    measure();
    LogState state = contents.state();
    this.recovered =
        new Recovered(
            state.term(),
            state.votedFor(),
            state.start(),
            recent.terms(),
            List.copyOf(state.configurations()),
            recent.entries(),
            state.last(),
            state.start().index());
  }

  /**
   * Opens the log in a directory, or makes one. The caller ensures that it is not open elsewhere.
   *
   * @param directory a path on the disk
   * @param identityIfNew whose log it is or shall be; {@code disk} counts only for a new one,
   *     {@code boot} never
   * @param firstConfiguration the configuration with which a new log begins
   * @throws WalDamaged when a forced record is lost; nothing has been changed
   * @throws WalForeign when it is another cluster's or member's, or of an unknown format; nothing
   *     has been changed
   */
  public static Wal open(
      Disk disk,
      String directory,
      WalConfig config,
      Identity identityIfNew,
      Configuration firstConfiguration)
      throws IOException {
    SegmentFiles files = new SegmentFiles(disk, directory, config.segmentBytes());
    files.makeDirectory();
    RecoveredEntries recent = new RecoveredEntries(config.recentBytes());
    Contents contents = Recovery.run(files, identityIfNew, firstConfiguration, recent);
    try {
      return new Wal(files, contents, recent);
    } catch (IOException e) {
      for (Segment segment : contents.segments()) {
        segment.release();
      }
      throw e;
    }
  }

  /** The server of the log, with the number of this opening, which no other opening has. */
  public Identity identity() {
    return contents.identity();
  }

  /** The state found at the opening, with {@code applied} at the start of the log. */
  public Recovered recovered() {
    return recovered;
  }

  /**
   * Writes a batch: the records of all effects, in their order, in one write and one force. When it
   * returns, the batch is durable. After an earlier crash the whole batch is there, or nothing of
   * it.
   *
   * @param effects {@link Effect.Persist}s and {@link Effect.Reset}s
   */
  public void write(List<Effect> effects) throws IOException {
    refuseAfterFailure();
    List<WalRecord> records = PersistRecords.of(effects, contents.state());
    if (records.isEmpty()) {
      return;
    }
    orFailForGood(() -> writer.write(records));
    sealed = false;
    measure();
  }

  /**
   * Proves that all batches so far were forced, unless that is proven. It writes term and vote once
   * more, in a record that may be lost. Then damage to the batch before can be told from a batch
   * that a crash tore. To be called when nothing has been written for a while, also after opening.
   */
  public void seal() throws IOException {
    refuseAfterFailure();
    LogState state = contents.state();
    WalRecord proof = new WalRecord.State(state.term(), state.votedFor());
    Segment newest = contents.newest();
    boolean fits = newest != null && newest.hasRoomFor(RecordFormat.bytes(proof));
    if (!sealed && fits) { // no segment is made for it
      orFailForGood(() -> writer.write(List.of(proof)));
      sealed = true;
      measure();
    }
  }

  /**
   * Reads durable entries, both ends included. From any thread.
   *
   * @param bytesMax stop before more than this, counted as {@link Entry#bytes}, but never without
   *     one entry
   * @return consecutive entries from {@code from} on; empty when it is compacted away, beyond the
   *     end or overwritten meanwhile
   * @throws WalDamaged when an entry is no longer there as it was written
   */
  public List<Entry> read(long from, long to, int bytesMax) throws IOException {
    return new EntryReader(contents.index(), from, to, bytesMax).read();
  }

  /**
   * Drops the oldest segments, as far as all their entries are at or before an index. The segment
   * being written always stays.
   *
   * @param upTo an index up to which all is committed
   * @return the index before the first entry that is left
   */
  public long compact(long upTo) throws IOException {
    refuseAfterFailure();
    List<Segment> segments = contents.segments();
    int kept = firstKept(segments, Math.min(upTo, contents.state().last().index()));
    contents.state().startsAt(segments.get(kept));
    orFailForGood(
        () -> {
          for (int i = 0; i < kept; i++) {
            Segment oldest = segments.removeFirst();
            contents.index().drop(oldest);
            files.delete(oldest.number());
            oldest.release();
          }
        });
    measure();
    return contents.state().start().index();
  }

  /** After failed work the content of the disk is unknown. */
  private void orFailForGood(DiskWork work) throws IOException {
    boolean done = false;
    try {
      work.run();
      done = true;
    } finally {
      if (!done) {
        failed = true;
      }
    }
  }

  private interface DiskWork {
    void run() throws IOException;
  }

  private static int firstKept(List<Segment> segments, long upTo) {
    int kept = segments.size() - 1;
    while (kept > 0
        && !(segments.get(kept).canBeFirst() && segments.get(kept).before().index() <= upTo)) {
      kept--;
    }
    return kept;
  }

  /**
   * The highest index for {@link #compact} that leaves at least so many bytes of the newest
   * records.
   */
  public long compactableKeeping(long bytes) {
    long kept = 0;
    for (Segment segment : contents.segments().reversed()) {
      kept += segment.end();
      if (kept >= bytes) {
        return segment.before().index();
      }
    }
    return contents.state().start().index();
  }

  /** The bytes of all records, without the zeros made ahead of time. From any thread. */
  public long sizeBytes() {
    return sizeBytes;
  }

  /** Whether {@link #prepareSpare} has something to do. From any thread. */
  public boolean needsSpare() {
    return !failed && !files.hasSpare();
  }

  /**
   * Makes the next segment ahead of time, unless there is one already; takes as long as writing a
   * segment full of zeros. From one other lane; called after opening and then whenever the log has
   * grown. A failure, such as a full disk, only costs time when the next segment is needed.
   */
  public void prepareSpare() throws IOException {
    if (!failed) {
      files.prepareSpare();
    }
  }

  /** Closes the files; everything written is durable already. */
  @Override
  public void close() throws IOException {
    failed = true;
    files.close();
    for (Segment segment : contents.segments()) {
      segment.release();
    }
  }

  private void measure() {
    long bytes = 0;
    for (Segment segment : contents.segments()) {
      bytes += segment.end();
    }
    sizeBytes = bytes;
  }

  private void refuseAfterFailure() throws IOException {
    if (failed) {
      throw new IOException("the log is closed or has failed before: restart the server");
    }
  }
}
