package io.balsa.sim;

import io.balsa.raft.LogPosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The faults of a disk at the moment. */
final class DiskFaults {
  /** The most nested tasks that hang: an outer one cannot end before an inner one. */
  private static final int NESTED_MAX = 2;

  /** More bytes than one log record has with the clients' short keys and values. */
  private static final int LARGE_BYTES = 200;

  /** A changed byte of an entry's payload. */
  private record Rot(LogPosition entry, SimFile file, int at, byte is) {}

  private final World world;
  private final Runnable death;
  private int slowness = 1;
  private boolean full;
  private boolean forceFails;
  private boolean dead;
  private boolean readFails;
  private long hangNanos;
  private int changesUntilDeath;
  private boolean diesInLargeWrite;
  private int unforcedBytes;
  private @Nullable Mark refused;
  private boolean damaged;
  private final List<LogPosition> damagedEntries = new ArrayList<>();
  private final List<Rot> rots = new ArrayList<>();
  private long hangEndsBy = Long.MAX_VALUE;
  private Runnable whenHanging = () -> {};
  private int hangs;

  /** The number of the force that hangs now; 0 for none. */
  private int hanging;

  /**
   * A disk without faults.
   *
   * @param death ends the machine in the middle of its task
   */
  DiskFaults(World world, Runnable death) {
    this.world = world;
    this.death = death;
  }

  static DiskFaults none(World world) {
    return new DiskFaults(world, () -> {});
  }

  /** From now on, operations on the disk take this many times as long. */
  void slowness(int times) {
    slowness = times;
  }

  int slowness() {
    return slowness;
  }

  /** Sets whether the disk is full. */
  void full(boolean now) {
    full = now;
  }

  boolean isFull() {
    return full;
  }

  /** The next force fails. */
  void failForce() {
    forceFails = true;
  }

  /** Sets whether all forces fail. */
  void dead(boolean now) {
    dead = now;
  }

  /** The next read fails. */
  void failRead() {
    readFails = true;
  }

  /** Data at rest was damaged, perhaps beyond what other servers can repair. */
  void damaged() {
    damaged = true;
  }

  /** The payload of a log entry was damaged at rest. */
  void damaged(LogPosition entry, SimFile file, int at) {
    damagedEntries.add(entry);
    rots.add(new Rot(entry, file, at, file.durable().at(at)));
  }

  /** An entry after an index that is still damaged on the disk; null when none is. */
  @Nullable LogPosition rottenAfter(long index, SimDisk disk) {
    List<SimFile> there = new ArrayList<>();
    disk.files((_, file) -> there.add(file));
    return rots.stream()
        .filter(rot -> rot.entry.index() > index && there.contains(rot.file))
        .filter(
            rot -> rot.at < rot.file.durable().size() && rot.file.durable().at(rot.at) == rot.is)
        .map(Rot::entry)
        .findFirst()
        .orElse(null);
  }

  boolean isDamaged() {
    return damaged || !damagedEntries.isEmpty();
  }

  /** The damaged entries, if only entries are damaged. */
  List<LogPosition> damagedEntries() {
    return damaged ? List.of() : damagedEntries;
  }

  /** The next force hangs for a time; the runnable runs when the force begins. */
  void hang(long nanos, Runnable whenItDoes) {
    hangNanos = nanos;
    whenHanging = whenItDoes;
  }

  /** The number of the force that hangs now; 0 for none. */
  int hanging() {
    return hanging;
  }

  /** No force hangs beyond this time. */
  void hangsEndBy(long time) {
    hangEndsBy = time;
  }

  /** The machine dies in the middle of one of the next changes. */
  void dieAfter(int changes) {
    changesUntilDeath = changes;
  }

  /** The machine dies when a large write to the log is not yet forced. */
  void dieInLargeWrite() {
    diesInLargeWrite = true;
  }

  /** Counts written bytes. */
  void wrote(int bytes) {
    unforcedBytes += bytes;
  }

  /** The last operation that failed in this process; null for none. */
  @Nullable Mark refused() {
    return refused;
  }

  /** A new process begins. */
  void reset() {
    hanging = 0;
    refused = null;
    forceFails = false;
    readFails = false;
    hangNanos = 0;
    changesUntilDeath = 0;
    diesInLargeWrite = false;
    unforcedBytes = 0;
  }

  /** Ends all faults. */
  void heal() {
    reset();
    slowness = 1;
    full = false;
    dead = false;
    hangEndsBy = world.now();
  }

  /** Called before each change. */
  void changing(boolean needsSpace) throws IOException {
    if (changesUntilDeath > 0 && --changesUntilDeath == 0) {
      death.run();
    }
    if (full && needsSpace) {
      refused = Mark.HALTED_BY_FULL_DISK;
      throw new IOException("no space left on device");
    }
  }

  /** Called before each read. */
  void reading() throws IOException {
    if (readFails) {
      readFails = false;
      refused = Mark.HALTED_BY_READ;
      throw new IOException("input/output error");
    }
  }

  /** Called before each force. */
  void force() throws IOException {
    changing(false);
    SimLane lane = world.lane();
    boolean log = lane != null && lane.isLog();
    if (log && diesInLargeWrite && unforcedBytes >= LARGE_BYTES) {
      death.run();
    }
    unforcedBytes = 0;
    if (lane != null && log && hangNanos > 0 && world.standing() < NESTED_MAX) {
      whenHanging.run();
      world.marks().hit(Mark.FORCE_HUNG);
      long until = Math.min(world.now() + hangNanos, Math.max(hangEndsBy, world.now()));
      hangNanos = 0;
      int mine = ++hangs;
      hanging = mine;
      try {
        world.standStill(lane.host(), until);
      } finally {
        hanging = hanging == mine ? 0 : hanging;
      }
    }
    if (forceFails || dead) {
      forceFails = false;
      refused = Mark.HALTED_BY_FORCE;
      throw new IOException("input/output error");
    }
  }
}
