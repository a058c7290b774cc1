package io.balsa.sim;

import io.balsa.host.Dice;
import io.balsa.host.Disk;
import io.balsa.host.Host;
import io.balsa.host.Lane;
import io.balsa.host.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/** A machine during one run of a server's process; its disk outlives the run. */
final class SimHost implements Host {
  private final World world;
  private final long id;
  private final SimClock clock;
  private final SimDice dice;
  private final SimDisk disk;
  private final Network network;
  private final long taskNanos;
  private final LongSupplier diskNanos;
  private final List<SimLane> lanes = new ArrayList<>();
  private final BiConsumer<SimHost, String> halts;
  private final CrashPoints points;
  private boolean alive = true;
  private long pausedUntil;
  private long hearsFrom;

  /**
   * A machine.
   *
   * @param diskNanos the time of a task that works on the disk
   * @param halts gets the reason when the process ends itself
   */
  SimHost(
      World world,
      long id,
      SimClock clock,
      SimDice dice,
      SimDisk disk,
      SimNetwork net,
      long taskNanos,
      LongSupplier diskNanos,
      CrashPoints points,
      BiConsumer<SimHost, String> halts) {
    this.world = world;
    this.id = id;
    this.clock = clock;
    this.dice = dice;
    this.disk = disk;
    this.taskNanos = taskNanos;
    this.diskNanos = diskNanos;
    this.points = points;
    this.halts = halts;
    this.network = net.networkOf(this);
  }

  /** The member id of the server on this machine. */
  long id() {
    return id;
  }

  boolean isAlive() {
    return alive;
  }

  /** Ends the process: none of its tasks runs any more. */
  void die() {
    alive = false;
  }

  long pausedUntil() {
    return pausedUntil;
  }

  void pauseUntil(long time) {
    pauseUntil(time, time);
  }

  /**
   * Pauses the process.
   *
   * @param hears the time at which it takes frames, which may be later
   */
  void pauseUntil(long time, long hears) {
    pausedUntil = time;
    hearsFrom = hears;
  }

  /** The time from which the process takes frames. */
  long hearsFrom() {
    return hearsFrom;
  }

  /** The time of a task. */
  long taskNanos() {
    return taskNanos;
  }

  /** The time of a task that works on the disk; each call draws a new one. */
  long diskNanos() {
    return diskNanos.getAsLong();
  }

  /** The crash points of its server. */
  CrashPoints points() {
    return points;
  }

  List<SimLane> lanes() {
    return lanes;
  }

  @Override
  public SimClock clock() {
    return clock;
  }

  @Override
  public Dice dice() {
    return dice;
  }

  @Override
  public Disk disk() {
    return disk;
  }

  @Override
  public Network network() {
    return network;
  }

  @Override
  public Lane networkLane(String name) {
    return lane(name);
  }

  @Override
  public Lane lane(String name) {
    SimLane lane = new SimLane(world, this, name);
    lanes.add(lane);
    return lane;
  }

  /** Contains no failure: each failure in the simulator is a bug. */
  @Override
  public Lane serviceLane(String name, Runnable recover) {
    return lane(name);
  }

  @Override
  public void halt(String reason) {
    halts.accept(this, reason);
    throw new World.Death();
  }
}
