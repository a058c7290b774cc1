package io.balsa.sim;

import io.balsa.host.Dice;
import io.balsa.host.Disk;
import io.balsa.host.Host;
import io.balsa.host.Lane;
import io.balsa.host.Network;
import java.util.function.BiConsumer;

/** A machine for one run of a server's process; the disk is there before and after it. */
final class SimHost implements Host {
  private final World world;
  private final long id;
  private final SimClock clock;
  private final SimDice dice;
  private final SimDisk disk;
  private final Network network;
  private final long taskNanos;
  private final BiConsumer<SimHost, String> halts;
  private boolean alive = true;
  private long pausedUntil;

  /**
   * A machine.
   *
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
      BiConsumer<SimHost, String> halts) {
    this.world = world;
    this.id = id;
    this.clock = clock;
    this.dice = dice;
    this.disk = disk;
    this.taskNanos = taskNanos;
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
    pausedUntil = time;
  }

  long taskNanos() {
    return taskNanos;
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
  public Lane lane(String name) {
    return new SimLane(world, this, name);
  }

  @Override
  public void halt(String reason) {
    halts.accept(this, reason);
    throw new World.Death();
  }
}
