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

/** A machine for one run of a server's process; the disk is there before and after it. */
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
   * @param diskNanos what a task takes that works on the disk
   * @param halts told when the process ends itself, with the reason
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

  /** The member id of the server on it. */
  long id() {
    return id;
  }

  boolean isAlive() {
    return alive;
  }

  /** Nothing of the process runs any more. */
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
   * Stands still.
   *
   * @param hears when it gets to what the network brought, which other sources may come before
   */
  void pauseUntil(long time, long hears) {
    pausedUntil = time;
    hearsFrom = hears;
  }

  /** From when on it takes frames. */
  long hearsFrom() {
    return hearsFrom;
  }

  /** What a task costs. */
  long taskNanos() {
    return taskNanos;
  }

  /** What a task costs that works on the disk: drawn anew at each call. */
  long diskNanos() {
    return diskNanos.getAsLong();
  }

  /** Where its server passes, and may die. */
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

  /** Nothing is contained: what fails here is a mistake of ours. */
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
