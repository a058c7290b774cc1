package io.balsa.sim;

import io.balsa.raft.LogPosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a disk behaves at the moment. */
final class DiskFaults {
  /** Tasks that stand still nest, and an outer one cannot end before an inner one. */
  private static final int NESTED_MAX = 2;

  /** More than a record of the log, for keys and values as short as the clients'. */
  private static final int LARGE_BYTES = 200;

  /** A byte of an entry's payload that is not as it was written. */
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

  /** Which force hangs now, of those that did; 0 for none. */
  private int hanging;

  /**
   * A disk's behaviour.
   *
   * @param death ends the machine, in the midst of what it does
   */
  DiskFaults(World world, Runnable death) {
    this.world = world;
    this.death = death;
  }

  static DiskFaults none(World world) {
    return new DiskFaults(world, () -> {});
  }

  /** Work on the disk takes that many times as long from now on. */
  void slowness(int times) {
    slowness = times;
  }

  int slowness() {
    return slowness;
  }

  /** Nothing more can be stored, or can again. */
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

  /** All forces fail from now on, or no longer. */
  void dead(boolean now) {
    dead = now;
  }

  /** The next read fails. */
  void failRead() {
    readFails = true;
  }

  /** Something at rest was damaged, maybe more than others can help with. */
  void damaged() {
    damaged = true;
  }

  /** The payload of an entry of the log was damaged at rest, at a place of a file. */
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

  /** The entries that are damaged when nothing else is. */
  List<LogPosition> damagedEntries() {
    return damaged ? List.of() : damagedEntries;
  }

  /** The next force hangs for a time; the runnable is called when it does. */
  void hang(long nanos, Runnable whenItDoes) {
    hangNanos = nanos;
    whenHanging = whenItDoes;
  }

  /** Which force hangs now, of those that did; 0 for none. */
  int hanging() {
    return hanging;
  }

  /** No force hangs longer than to that time. */
  void hangsEndBy(long time) {
    hangEndsBy = time;
  }

  /** The machine dies in the midst of a change from here on. */
  void dieAfter(int changes) {
    changesUntilDeath = changes;
  }

  /** The machine dies when much of the log is written, and not yet forced. */
  void dieInLargeWrite() {
    diesInLargeWrite = true;
  }

  /** So many bytes were written. */
  void wrote(int bytes) {
    unforcedBytes += bytes;
  }

  /** What this process was refused last, if anything. */
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

  /** No faults any more. */
  void heal() {
    reset();
    slowness = 1;
    full = false;
    dead = false;
    hangEndsBy = world.now();
  }

  /** Something is about to be changed. */
  void changing(boolean needsSpace) throws IOException {
    if (changesUntilDeath > 0 && --changesUntilDeath == 0) {
      death.run();
    }
    if (full && needsSpace) {
      refused = Mark.HALTED_BY_FULL_DISK;
      throw new IOException("no space left on device");
    }
  }

  /** Something is about to be read. */
  void reading() throws IOException {
    if (readFails) {
      readFails = false;
      refused = Mark.HALTED_BY_READ;
      throw new IOException("input/output error");
    }
  }

  /** Something is about to be forced. */
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
