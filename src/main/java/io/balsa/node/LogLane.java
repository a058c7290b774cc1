package io.balsa.node;

import io.balsa.host.DiskTrouble;
import io.balsa.host.Host;
import io.balsa.host.Lane;
import io.balsa.lanes.Inbox;
import io.balsa.lanes.NodeMetrics;
import io.balsa.logging.LogEvent;
import io.balsa.logging.RareLine;
import io.balsa.raft.Effect;
import io.balsa.raft.Entry;
import io.balsa.raft.Input;
import io.balsa.wal.Wal;
import io.balsa.wire.Frame;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Writes the log. Everything that waits is one batch with one force (group commit). A failed force
 * is never tried again, because nobody knows what the disk holds: the process ends, and the next
 * one reads the disk.
 */
final class LogLane {
  private static final LogEvent NO_SPARE =
      LogEvent.warn(
          "io.balsa.node",
          "the next segment of the log cannot be made yet",
          "check the room and the rights of the data directory");

  private static final long IDLE = 0;

  /** The log is sealed when nothing was written for so long. */
  private static final long SEAL_NANOS = 100_000_000;

  private final RareLine noSpare = new RareLine(NO_SPARE);
  private final Host host;
  private final Wal wal;
  private final NodeMetrics metrics;
  private final Lane lane;
  private final Lane besides;
  private final Inbox<Effect> persists;
  private final Consumer<Input> post;

  private long writtenAtNanos;
  private boolean sealDue;

  /**
   * When the disk work under way began that others wait for, or {@link #IDLE}; the ticker reads it
   * on the raft lane.
   */
  private volatile long forcingSinceNanos = IDLE;

  LogLane(Host host, Wal wal, NodeMetrics metrics, Consumer<Input> post) {
    this.host = host;
    this.wal = wal;
    this.metrics = metrics;
    this.post = post;
    this.lane = host.lane("wal");
    this.besides = host.lane("wal-read");
    this.persists = new Inbox<>(lane, this::write);
  }

  /** Seals from now on what was written last, once nothing is written for a while. */
  void start() {
    lane.run(this::sealLater);
  }

  /** Writes a {@link Effect.Persist} or {@link Effect.Reset}; {@link Input.Persisted} follows. */
  void write(Effect persist) {
    persists.put(persist);
  }

  private void write(List<Effect> batch) {
    if (batch.isEmpty()) {
      return;
    }
    if (force(() -> wal.write(batch))) {
      post.accept(new Input.Persisted(numberOf(batch.getLast())));
      if (wal.needsSpare()) {
        besides.run(this::prepareSpare);
      }
      sealLater();
    }
  }

  private boolean force(Writing writing) {
    long start = host.clock().nanos();
    begins(start);
    try {
      writing.write();
    } catch (IOException e) {
      host.halt(
          "the log cannot be written, so nothing more can be promised: " + DiskTrouble.words(e));
      return false;
    }
    forcingSinceNanos = IDLE;
    metrics.forced(host.clock().nanos() - start);
    return true;
  }

  private interface Writing {
    void write() throws IOException;
  }

  /**
   * Seals the log once nothing has been written for a while: a seal proves that the last write is
   * durable.
   */
  private void sealLater() {
    writtenAtNanos = host.clock().nanos();
    if (!sealDue) {
      sealDue = true;
      lane.after(SEAL_NANOS, this::sealIfIdle);
    }
  }

  private void sealIfIdle() {
    long left = writtenAtNanos + SEAL_NANOS - host.clock().nanos();
    if (left > 0) {
      lane.after(left, this::sealIfIdle);
    } else {
      sealDue = false;
      force(wal::seal);
    }
  }

  private void begins(long nowNanos) {
    forcingSinceNanos = nowNanos == IDLE ? 1 : nowNanos;
  }

  private static long numberOf(Effect persist) {
    return switch (persist) {
      case Effect.Persist(long number, _, _, _) -> number;
      case Effect.Reset(long number, _) -> number;
      default -> throw new IllegalArgumentException("not a persist");
    };
  }

  private void prepareSpare() {
    try {
      wal.prepareSpare();
    } catch (IOException e) {
      noSpare.happened("error", DiskTrouble.words(e));
    }
  }

  /** How long the force under way has taken so far; 0 when there is none. */
  long forcingNanos() {
    long since = forcingSinceNanos;
    return since == IDLE ? 0 : host.clock().nanos() - since;
  }

  /** Reads old entries; {@link Input.Loaded} follows. */
  void load(Effect.Load load) {
    besides.run(
        () -> {
          try {
            List<Entry> entries = wal.read(load.from(), load.to(), load.bytesMax());
            post.accept(new Input.Loaded(load.from(), entries));
          } catch (IOException e) {
            host.halt("the log cannot be read: " + DiskTrouble.words(e));
          }
        });
  }

  /**
   * Reads entries for a peer that repairs its log, as many as fit into a frame. It leaves out an
   * entry that cannot be read here.
   */
  void answer(List<Long> indexes, Consumer<Frame.EntriesAnswer> answer) {
    besides.run(
        () ->
            answer.accept(
                EntriesFound.of(indexes, index -> wal.read(index, index, Integer.MAX_VALUE))));
  }

  /**
   * Gives the index up to which the log may be dropped and still hold so many bytes; on this lane.
   */
  void compactableKeeping(long bytes, LongConsumer told) {
    lane.run(() -> told.accept(wal.compactableKeeping(bytes)));
  }

  /** Drops whole segments of entries that nobody needs. */
  void compact(long upTo) {
    lane.run(
        () -> {
          begins(host.clock().nanos());
          try {
            wal.compact(upTo);
          } catch (IOException e) {
            host.halt("the log's oldest segments cannot be dropped: " + DiskTrouble.words(e));
          }
          forcingSinceNanos = IDLE;
        });
  }

  /** Bytes of the log on disk. */
  long sizeBytes() {
    return wal.sizeBytes();
  }

  /** Closes the log after the work that was given to the lane before. */
  void close(Runnable closed) {
    lane.run(
        () -> {
          try {
            wal.close();
          } catch (IOException e) {
            host.halt("the log cannot be closed: " + DiskTrouble.words(e));
          }
          lane.close();
          besides.close();
          closed.run();
        });
  }
}
