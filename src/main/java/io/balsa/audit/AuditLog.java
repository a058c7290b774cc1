package io.balsa.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.balsa.logging.LogEvent;
import io.balsa.logging.RareLine;
import io.balsa.logging.RotatedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Writes records to a file, on a thread of its own. Any thread may add records. */
public final class AuditLog implements AutoCloseable {
  /** Records that may wait, and their bytes: as many as a busy second has. */
  private static final int WAITING_MAX = 16_384;

  private static final long WAITING_BYTES_MAX = 8 << 20;

  /** Records that are written at once. */
  private static final int TOGETHER = 512;

  private static final long POLL_MILLIS = 100;

  private static final long CLOSE_MILLIS = 2_000;

  private static final LogEvent LOST =
      LogEvent.warn(
          "io.balsa.audit",
          "records of the audit trail are lost",
          "the file is too slow or cannot be written: check its disk, or choose a lower level");

  private final RareLine lost = new RareLine(LOST);
  private final AuditLevel level;
  private final Path path;
  private final @Nullable RotatedFile file;
  private final AuditQueue waiting = new AuditQueue(WAITING_MAX, WAITING_BYTES_MAX);
  private final StrangerBound strangers;
  private final AtomicLong sequence = new AtomicLong();
  private final AtomicLong written = new AtomicLong();
  private final AtomicLong lostRecords = new AtomicLong();
  private final @Nullable Thread writer;
  private volatile boolean closed;

  private AuditLog(AuditLevel level, Path path, @Nullable RotatedFile file, LongSupplier nanos) {
    this.strangers = new StrangerBound(nanos);
    this.level = level;
    this.path = path;
    this.file = file;
    this.writer =
        file == null
            ? null
            : Thread.ofPlatform().name("balsa-audit").daemon().unstarted(this::write);
  }

  /**
   * Where and what to record.
   *
   * @param file null for no trail
   * @param megabytesMax the size at which a new file begins
   * @param keptMax how many full files are kept; 0 for all
   */
  public record Settings(@Nullable Path file, AuditLevel level, int megabytesMax, int keptMax) {
    /** No trail. */
    public static final Settings OFF = new Settings(null, AuditLevel.NONE, 100, 10);
  }

  /** Opens the file and begins to write. */
  public static AuditLog open(Settings settings) throws IOException {
    return open(settings, System::nanoTime);
  }

  /** As {@link #open(Settings)}, with a clock that never goes back. */
  static AuditLog open(Settings settings, LongSupplier nanos) throws IOException {
    Path path = settings.file();
    if (path == null || settings.level() == AuditLevel.NONE) {
      return new AuditLog(AuditLevel.NONE, Path.of(""), null, nanos);
    }
    RotatedFile file = RotatedFile.open(path, settings.megabytesMax(), settings.keptMax());
    AuditLog log = new AuditLog(settings.level(), path, file, nanos);
    if (log.writer != null) {
      log.writer.start();
    }
    return log;
  }

  /** What is recorded. */
  public AuditLevel level() {
    return level;
  }

  /** The number of the next record. */
  public long nextSequence() {
    return sequence.incrementAndGet();
  }

  /** Takes a record; never waits. */
  public void add(AuditRecord record) {
    add(record, false);
  }

  /**
   * Whether a refused call without a user is recorded. Anybody can make many of them, so most of a
   * flood are left out: they are counted as lost, and a record says their number.
   */
  public boolean admitsStranger(String source) {
    boolean admitted = strangers.admits(source);
    if (!admitted) {
      lostRecords.incrementAndGet();
    }
    return admitted;
  }

  /** Takes the record of a refused call without a user, after {@link #admitsStranger}. */
  public void addOfStranger(AuditRecord record) {
    add(record, true);
  }

  private void add(AuditRecord record, boolean stranger) {
    if (closed || !waiting.offer(record, stranger)) {
      lose(1, "the queue is full");
    }
  }

  private void lose(int records, String why) {
    lostRecords.addAndGet(records);
    lost.happened("file", path, "why", why);
  }

  private void write() {
    List<AuditRecord> records = new ArrayList<>(TOGETHER);
    try {
      while (!closed || !waiting.isEmpty()) {
        waiting.take(records, POLL_MILLIS, TOGETHER);
        addLeftOut(records, false);
        write(records);
      }
      addLeftOut(records, true);
      write(records);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Adds a record that says how many calls without a user are not recorded. */
  private void addLeftOut(List<AuditRecord> records, boolean now) {
    StrangerBound.LeftOut out = strangers.next(now);
    if (out != null) {
      records.add(
          new AuditRecord(
              nextSequence(),
              Instant.now(),
              "",
              "none",
              out.source(),
              AuditRecord.LEFT_OUT,
              List.of(),
              "left_out=" + out.calls() + " sources=" + out.sources(),
              AuditRecord.LEFT_OUT,
              "",
              0,
              ""));
    }
  }

  private void write(List<AuditRecord> records) {
    if (records.isEmpty()) {
      return;
    }
    StringBuilder lines = new StringBuilder();
    for (AuditRecord record : records) {
      lines.append(AuditLines.line(record));
    }
    try {
      RotatedFile out = file;
      if (out != null) {
        out.write(lines.toString().getBytes(UTF_8));
        written.addAndGet(records.size());
      }
    } catch (IOException e) {
      lose(records.size(), String.valueOf(e.getMessage()));
    }
    records.clear();
  }

  /** The records that were written. */
  public long written() {
    return written.get();
  }

  /** The records that were lost or left out. */
  public long lost() {
    return lostRecords.get();
  }

  /** Writes what waits, and ends. */
  @Override
  public void close() {
    closed = true;
    try {
      if (writer != null) {
        writer.join(CLOSE_MILLIS);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
