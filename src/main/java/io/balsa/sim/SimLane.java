package io.balsa.sim;

import io.balsa.host.Lane;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A lane as a queue of events, with its own busy time. A lane that works on the disk waits for the
 * time of the disk and then runs its task in one moment. So other lanes see no part of the task
 * before its end, as in a real server, where a force ends before another lane learns of it. If the
 * machine loses power during the wait, it was in the middle of the task ({@link #underWay}).
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

  /** Whether this lane writes the log. */
  boolean isLog() {
    return log;
  }

  /** Whether this lane runs Raft. */
  boolean isRaft() {
    return name.equals("raft");
  }

  /** A task of the lane hangs in the middle, or continues. */
  void stands(boolean still) {
    standsStill = still;
  }

  /** The time at which the next task can run, or at which to ask again. */
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

  /** The task that waits for the disk; null for none. */
  @Nullable Runnable underWay() {
    return underWay;
  }

  /** A task begins. */
  void begins() {
    underWay = null;
  }

  /** A task has ended. */
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
