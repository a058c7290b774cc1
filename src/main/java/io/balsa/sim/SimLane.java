package io.balsa.sim;

import io.balsa.host.Lane;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A lane as a queue of events, with its own busy time. A lane that works on the disk waits as long
 * as the disk takes and then runs its task in one moment: other lanes see nothing of it before its
 * end, as they do not in life, where a force ends before anything is told of it. A machine that
 * loses power meanwhile was in the midst of the task, see {@link #underWay}.
 */
final class SimLane implements Lane {
  private static final Set<String> DISK_LANES =
      new TreeSet<>(List.of("wal", "wal-read", "snapshots", "flush", "repair"));

  private static final long LOOK_AGAIN_NANOS = 1_000_000;

  private final World world;
  private final SimHost host;
  private final String name;
  private final boolean log;
  private final boolean onDisk;
  private long busyUntil;
  private @Nullable Runnable underWay;
  private boolean standsStill;
  private boolean closed;

  SimLane(World world, SimHost host, String name) {
    this.world = world;
    this.host = host;
    this.name = name;
    this.log = name.equals("wal");
    this.onDisk = DISK_LANES.contains(name);
  }

  String name() {
    return name;
  }

  SimHost host() {
    return host;
  }

  /** Whether the log is written here. */
  boolean isLog() {
    return log;
  }

  /** Whether Raft steps here. */
  boolean isRaft() {
    return name.equals("raft");
  }

  /** A task of the lane stands still in its midst, or goes on. */
  void stands(boolean still) {
    standsStill = still;
  }

  /** When a task that is the next can run, or when to ask again. */
  long freeAt(Runnable task) {
    if (standsStill) {
      return world.now() + LOOK_AGAIN_NANOS;
    }
    if (busyUntil <= world.now() && onDisk && underWay == null) {
      underWay = task;
      busyUntil = world.now() + host.diskNanos();
    }
    return busyUntil;
  }

  /** The task for which the lane waits for the disk, if any. */
  @Nullable Runnable underWay() {
    return underWay;
  }

  /** A task runs now. */
  void begins() {
    underWay = null;
  }

  /** A task has run. */
  void worked() {
    busyUntil = world.now() + host.taskNanos();
  }

  @Override
  public void run(Runnable task) {
    give(world.now(), task);
  }

  @Override
  public void after(long delayNanos, Runnable task) {
    give(world.now() + host.clock().virtual(delayNanos), task);
  }

  private void give(long at, Runnable task) {
    if (!closed) {
      world.at(
          at,
          this,
          () -> {
            if (!closed) {
              task.run();
            }
          });
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
