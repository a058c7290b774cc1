package io.balsa.sim;

import java.io.IOException;

/** How a disk behaves at the moment. */
final class DiskFaults {
  /** Tasks that stand still nest, and an outer one cannot end before an inner one. */
  private static final int NESTED_MAX = 2;

  private final World world;
  private final Runnable death;
  private int slowness = 1;
  private boolean full;
  private boolean forceFails;
  private long hangNanos;
  private int changesUntilDeath;
  private boolean failed;
  private long hangEndsBy = Long.MAX_VALUE;
  private Runnable hangs = () -> {};

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

  /** The next force hangs for a time; the runnable is called when it does. */
  void hang(long nanos, Runnable whenItDoes) {
    hangNanos = nanos;
    hangs = whenItDoes;
  }

  /** The machine dies in the midst of a change from here on. */
  void dieAfter(int changes) {
    changesUntilDeath = changes;
  }

  /** Whether this process was refused something. */
  boolean hasFailed() {
    return failed;
  }

  /** A new process begins. */
  void reset() {
    failed = false;
    forceFails = false;
    hangNanos = 0;
    changesUntilDeath = 0;
  }

  /** No faults any more. */
  void heal() {
    reset();
    slowness = 1;
    full = false;
    hangEndsBy = world.now();
  }

  /** Something is about to be changed. */
  void changing(boolean needsSpace) throws IOException {
    if (changesUntilDeath > 0 && --changesUntilDeath == 0) {
      death.run();
    }
    if (full && needsSpace) {
      failed = true;
      throw new IOException("no space left on device");
    }
  }

  /** Something is about to be forced. */
  void force() throws IOException {
    changing(false);
    SimLane lane = world.lane();
    if (lane != null && lane.isLog() && hangNanos > 0 && world.standing() < NESTED_MAX) {
      hangs.run();
      long until = Math.min(world.now() + hangNanos, Math.max(hangEndsBy, world.now()));
      hangNanos = 0;
      world.standStill(lane.host(), until);
    }
    if (forceFails) {
      forceFails = false;
      failed = true;
      throw new IOException("input/output error");
    }
  }
}
