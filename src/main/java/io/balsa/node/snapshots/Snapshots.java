package io.balsa.node.snapshots;

import io.balsa.backups.Backup;
import io.balsa.backups.Checkpoint;
import io.balsa.bytes.Bytes;
import io.balsa.host.DiskTrouble;
import io.balsa.host.Host;
import io.balsa.host.Lane;
import io.balsa.lanes.MemberNames;
import io.balsa.lanes.Outcome;
import io.balsa.logging.LogEvent;
import io.balsa.logging.RareLine;
import io.balsa.node.apply.AppliedFacts;
import io.balsa.node.apply.ApplyLane;
import io.balsa.raft.Effect;
import io.balsa.raft.Input;
import io.balsa.raft.Snapshot;
import io.balsa.wal.Identity;
import io.balsa.wire.BackupHead;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends and receives snapshots on a lane of their own. A checkpoint is made when a follower first
 * needs one. It serves all followers until the log begins behind it. The chunks of an incoming
 * snapshot are kept in order and installed as a whole (thesis 5.1).
 */
public final class Snapshots {
  private static final String OUT = "snapshots";

  private static final LogEvent SENDS =
      LogEvent.info("io.balsa.node", "a snapshot is being sent to a member that lags");

  private static final LogEvent SENT =
      LogEvent.info("io.balsa.node", "a snapshot is sent to its end");

  private static final LogEvent RECEIVES =
      LogEvent.info("io.balsa.node", "a snapshot is being received from the leader");

  private static final LogEvent RECEIVED =
      LogEvent.info("io.balsa.node", "a snapshot is received and replaces the store");

  private static final LogEvent DAMAGED =
      LogEvent.warn(
          "io.balsa.node",
          "a received snapshot is damaged, it is asked for again",
          "if it happens again, check the network and the disks of both members");

  private static final LogEvent SAVED =
      LogEvent.info("io.balsa.node", "a backup of the store is made for a client");

  /** A checkpoint stays so long after the last request, for a follower that was cut off. */
  private static final long IDLE_NANOS = 600_000_000_000L;

  private final RareLine sends = new RareLine(SENDS);
  private final RareLine sent = new RareLine(SENT);
  private final Host host;
  private final ApplyLane apply;
  private final Consumer<Input> post;
  private final Lane lane;
  private final List<Effect.LoadChunk> asked = new ArrayList<>();

  /** The clients that wait for a backup; called when the server ends first. */
  private final List<Consumer<Outcome.Failure>> awaitingBackup = new ArrayList<>();

  private @Nullable Checkpoint checkpoint;
  private @Nullable SnapshotSink sink;
  private @Nullable Snapshot incoming;
  private long made;
  private long askedAtNanos;
  private long incomingAtNanos;
  private boolean making;

  /** The index before the log's first entry: a checkpoint below it serves nobody; any lane. */
  private volatile long logStart;

  public Snapshots(Host host, ApplyLane apply, Consumer<Input> post) {
    this.host = host;
    this.apply = apply;
    this.post = post;
    this.lane = host.lane("snapshots");
  }

  /** Deletes the checkpoints of an earlier start; to be called before anything else. */
  public static void deleteOutgoing(Host host) throws IOException {
    host.disk().delete(OUT);
    host.disk().createDirectory(OUT);
  }

  /** Says that the log begins after an index; from any lane. */
  public void logStartsAfter(long index) {
    logStart = index;
  }

  /** Reads a chunk for a follower; {@link Input.ChunkLoaded} follows. */
  public void load(Effect.LoadChunk load) {
    lane.run(() -> guarded(() -> answerOrMake(load)));
  }

  private void answerOrMake(Effect.LoadChunk load) throws IOException {
    askedAtNanos = host.clock().nanos();
    Checkpoint present = checkpoint;
    if (present != null && serves(present, load)) {
      answer(present, load);
      return;
    }
    asked.add(load);
    if (!making) {
      making = true;
      make();
    }
  }

  private boolean serves(Checkpoint present, Effect.LoadChunk load) {
    return present.snapshot().index() == load.snapshotIndex()
        || present.snapshot().index() >= logStart;
  }

  private void answer(Checkpoint from, Effect.LoadChunk load) throws IOException {
    boolean same = from.snapshot().index() == load.snapshotIndex();
    long offset = same ? load.offset() : 0;
    Bytes data = from.read(offset, load.bytesMax());
    boolean done = offset + data.size() >= from.bytes();
    post.accept(new Input.ChunkLoaded(load.to(), from.snapshot(), offset, data, done));
    if (offset == 0) {
      log(sends, load.to(), from);
    }
    if (done) {
      log(sent, load.to(), from);
    }
  }

  /** A member that does not answer asks for the same part again and again. */
  private void log(RareLine line, long to, Checkpoint from) {
    line.happened(
        "member",
        MemberNames.of(apply.facts().members(), to),
        "member-id",
        Long.toHexString(to),
        "index",
        from.snapshot().index(),
        "bytes",
        from.bytes());
  }

  /** The flush here leaves the checkpoint, which runs on the apply lane, little to flush. */
  private void make() {
    made++;
    String directory = OUT + "/" + made;
    apply.flush();
    apply.checkpoint(
        directory, snapshot -> lane.run(() -> guarded(() -> madeOne(directory, snapshot))));
  }

  private void madeOne(String directory, Snapshot snapshot) throws IOException {
    Checkpoint old = checkpoint;
    Checkpoint fresh = Checkpoint.of(host.disk(), directory, snapshot);
    checkpoint = fresh;
    making = false;
    if (old != null) {
      host.disk().delete(old.directory());
    }
    for (Effect.LoadChunk load : asked) {
      answer(fresh, load);
    }
    asked.clear();
  }

  /** Deletes a checkpoint that no follower asked for in {@link #IDLE_NANOS}; any lane. */
  public void dropIdle() {
    lane.run(() -> guarded(this::dropIfIdle));
  }

  private void dropIfIdle() throws IOException {
    Checkpoint present = checkpoint;
    if (present != null && host.clock().nanos() - askedAtNanos >= IDLE_NANOS) {
      checkpoint = null;
      host.disk().delete(present.directory());
    }
  }

  /** Keeps a chunk; {@link Input.ChunkSaved} follows. */
  public void save(Effect.SaveChunk save) {
    lane.run(() -> guarded(() -> keep(save)));
  }

  private void keep(Effect.SaveChunk save) throws IOException {
    SnapshotSink into = sinkFor(save.snapshot());
    if (save.offset() == into.bytesHere()) {
      into.append(save.data());
    }
    post.accept(new Input.ChunkSaved(save.snapshot(), into.bytesHere()));
  }

  private SnapshotSink sinkFor(Snapshot snapshot) throws IOException {
    SnapshotSink present = sink;
    if (present != null && snapshot.equals(incoming)) {
      return present;
    }
    SnapshotSink next = new SnapshotSink(host.disk(), snapshot);
    next.forgetOthers();
    sink = next;
    incoming = snapshot;
    incomingAtNanos = host.clock().nanos();
    RECEIVES.log("index", snapshot.index(), "term", snapshot.term());
    return next;
  }

  /**
   * Puts the snapshot in the place of the state. {@link Input.Installed} follows, or {@link
   * Input.ChunkSaved} with 0 when the snapshot is damaged.
   */
  public void install(Snapshot snapshot) {
    lane.run(() -> guarded(() -> finish(snapshot)));
  }

  private void finish(Snapshot snapshot) throws IOException {
    SnapshotSink from = sinkFor(snapshot);
    sink = null;
    incoming = null;
    long bytes = from.bytesHere();
    if (from.finish()) {
      Duration took = Duration.ofNanos(host.clock().nanos() - incomingAtNanos);
      RECEIVED.log("index", snapshot.index(), "bytes", bytes, "took", took);
      apply.install(from.name(), snapshot);
    } else {
      DAMAGED.log("index", snapshot.index(), "bytes", bytes);
      post.accept(new Input.ChunkSaved(snapshot, 0));
    }
  }

  private void guarded(DiskWork work) {
    try {
      work.run();
    } catch (IOException e) {
      host.halt("a snapshot cannot be read or written: " + DiskTrouble.words(e));
    }
  }

  /**
   * Makes a backup, from any thread.
   *
   * @param ready gets the backup, on this lane
   * @param failed called instead when the server ends first
   */
  public void backup(Identity identity, Consumer<Backup> ready, Consumer<Outcome.Failure> failed) {
    lane.run(
        () -> {
          awaitingBackup.add(failed);
          made++;
          String directory = OUT + "/backup-" + made;
          apply.flush();
          apply.checkpoint(
              directory,
              snapshot -> {
                AppliedFacts facts = apply.facts();
                lane.run(
                    () -> {
                      awaitingBackup.remove(failed);
                      guarded(() -> ready.accept(backup(identity, directory, snapshot, facts)));
                    });
              });
        });
  }

  private Backup backup(Identity identity, String directory, Snapshot snapshot, AppliedFacts facts)
      throws IOException {
    Checkpoint of = Checkpoint.of(host.disk(), directory, snapshot);
    BackupHead head =
        new BackupHead(
            identity.clusterId(),
            identity.member(),
            snapshot.index(),
            snapshot.term(),
            facts.revision(),
            facts.compactRevision(),
            facts.keys(),
            facts.hash(),
            of.bytes());
    SAVED.log("revision", facts.revision(), "bytes", of.bytes());
    return new Backup(lane, host.disk(), of, head);
  }

  /** Work that the disk may refuse. */
  private interface DiskWork {
    void run() throws IOException;
  }

  /** Refuses the backups that are not ready, and ends the lane. */
  public void close() {
    lane.run(
        () -> {
          awaitingBackup.forEach(failed -> failed.accept(Outcome.Failure.STOPPED));
          lane.close();
        });
  }
}
