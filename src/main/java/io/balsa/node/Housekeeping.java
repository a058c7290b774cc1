package io.balsa.node;

import io.balsa.duties.CompactionDuty;
import io.balsa.engine.Engine;
import io.balsa.host.Host;
import io.balsa.host.Lane;
import io.balsa.model.Command;
import io.balsa.model.Member;
import io.balsa.node.apply.AppliedFacts;
import io.balsa.node.apply.ApplyLane;
import io.balsa.node.snapshots.Snapshots;
import io.balsa.node.writes.CommandDesk;
import io.balsa.raft.Effect;
import io.balsa.raft.Input;
import io.balsa.raft.RaftStatus;
import io.balsa.raft.Role;
import io.balsa.wal.Identity;
import java.util.function.Consumer;

/**
 * What a server does about once a second: flushes the store, drops log that nobody needs, and
 * publishes its name, URLs and disk. The leader also proposes the quota and compactions. Owned by
 * the raft lane; the flush has a lane of its own.
 */
final class Housekeeping {
  /**
   * The store is flushed after so many bytes of applied log, so that a restart applies few again.
   */
  private static final long FLUSH_LOG_BYTES = 64 << 20;

  private static final long IDLE_FLUSH_NANOS = 30_000_000_000L;

  private final Host host;
  private final NodeConfig config;
  private final Identity identity;
  private final RaftLane raft;
  private final LogLane log;
  private final ApplyLane apply;
  private final Snapshots snapshots;
  private final DiskRoom diskRoom;
  private final Consumer<Command> propose;
  private final Retention retention;
  private final CompactionDuty compaction;
  private final Sweeping sweeping;
  private final Lane lane;

  /** The index up to which the store is durable; written on the flush lane. */
  private volatile long flushed;

  private volatile long sizeBytes;

  /**
   * The index up to which the log may be dropped to keep its bytes in bounds; written on the log
   * lane.
   */
  private volatile long beyondBytes;

  private volatile boolean flushing;
  private long flushedAtNanos;
  private long flushedAtLogBytes;

  Housekeeping(
      Host host,
      NodeConfig config,
      Identity identity,
      Lane raftLane,
      RaftLane raft,
      LogLane log,
      ApplyLane apply,
      Snapshots snapshots,
      DiskRoom diskRoom,
      CommandDesk commands) {
    this.host = host;
    this.config = config;
    this.identity = identity;
    this.raft = raft;
    this.log = log;
    this.apply = apply;
    this.snapshots = snapshots;
    this.diskRoom = diskRoom;
    this.propose = commands::propose;
    this.sweeping = new Sweeping(raftLane, commands, raft, apply);
    this.retention = new Retention(config.retainBytes(), config.retainEntries());
    this.compaction = new CompactionDuty(config.compaction());
    this.lane = host.lane("flush");
    this.flushed = apply.facts().applied();
    this.flushedAtNanos = host.clock().nanos();
  }

  /** The bytes that the store takes on disk, as of the last round. */
  long sizeBytes() {
    return sizeBytes;
  }

  /** A round; on the raft lane, about once a second. */
  void round() {
    introduce();
    lead();
    sweeping.step();
    lane.run(this::measure);
    snapshots.dropIdle();
    log.compactableKeeping(retention.bytesMax(diskRoom.isLow()), index -> beyondBytes = index);
    RaftStatus status = raft.status();
    long applied = apply.facts().applied();
    if (applied > status.commitIndex()) {
      return; // a snapshot was just installed, and Raft does not know it yet
    }
    long droppable = retention.droppable(status, applied, beyondBytes, log.sizeBytes());
    long start = status.first() - 1;
    if (droppable > start && flushed > start) {
      drop(Math.min(droppable, flushed));
    }
    if (!flushing && !diskRoom.tooFullToFlush() && (droppable > flushed || isFlushDue())) {
      flush();
    }
  }

  /** Something was applied; on any lane. */
  void applied(AppliedFacts facts) {
    sweeping.applied(facts);
  }

  private boolean isFlushDue() {
    boolean grown = log.sizeBytes() - flushedAtLogBytes >= FLUSH_LOG_BYTES;
    boolean old = host.clock().nanos() - flushedAtNanos >= IDLE_FLUSH_NANOS;
    return (grown || old) && apply.facts().applied() > flushed;
  }

  private void drop(long upTo) {
    raft.step(new Input.Compacted(upTo));
    snapshots.logStartsAfter(upTo);
    log.compact(upTo);
  }

  /** Makes the store durable as it is; on the raft lane. */
  void flush() {
    flushing = true;
    flushedAtNanos = host.clock().nanos();
    flushedAtLogBytes = log.sizeBytes();
    lane.run(
        () -> {
          long applied = apply.facts().applied();
          apply.flush();
          flushed = applied;
          flushing = false;
        });
  }

  private void measure() {
    apply.state().use(engine -> sizeBytes = engine.sizeBytes());
  }

  /** Proposes this server's name, URLs and disk until the cluster knows them. */
  private void introduce() {
    Effect.RoleChanged role = raft.role();
    if (role.leader() != 0 && !isIntroduced()) {
      propose.accept(
          new Command.Publish(config.self(), config.name(), config.clientUrls(), identity.disk()));
    }
  }

  /** What only the leader proposes: the quota, the start of hash comparison, and compactions. */
  private void lead() {
    AppliedFacts facts = apply.facts();
    boolean leads = raft.role().role() == Role.LEADER;
    if (leads && facts.quota() != config.quotaBytes()) {
      propose.accept(new Command.SetQuota(config.quotaBytes()));
    }
    if (leads && !facts.hashComparable()) {
      propose.accept(new Command.BeginHash());
    }
    long now = host.clock().nanos() / 1_000_000;
    long compacted = compaction.step(now, leads, facts.revision(), facts.compactRevision());
    if (compacted > 0) {
      propose.accept(new Command.Compact(compacted, false));
    }
  }

  /** Ends the process when the member lost its data directory: it must not go on as that member. */
  void checkOwnDisk() {
    if (Boot.isAnotherDisk(apply.facts().members(), identity)) {
      host.halt(Boot.ANOTHER_DISK);
    }
  }

  private boolean isIntroduced() {
    for (Member member : apply.facts().members()) {
      if (member.id() == config.self()) {
        return member.name().equals(config.name())
            && member.clientUrls().equals(config.clientUrls())
            && member.disk() != 0;
      }
    }
    return true;
  }

  /** Flushes a last time and ends. */
  void close(Runnable closed) {
    lane.run(
        () -> {
          apply.state().use(Engine::flush);
          lane.close();
          closed.run();
        });
  }
}
