package io.balsa.host;

import java.util.function.Consumer;

/** The machine that the process runs on. */
public final class RealHost implements Host {
  private final Clock clock = new SystemClock();
  private final Dice dice = new RandomDice();
  private final Disk disk;
  private final GrpcNetwork network;
  private final Consumer<String> halt;
  private final LaneFailures failures;

  /**
   * As {@link #RealHost(Disk, GrpcNetwork, Consumer, Consumer)}, without a count of failed tasks.
   */
  public RealHost(Disk disk, GrpcNetwork network, Consumer<String> halt) {
    this(disk, network, halt, _ -> {});
  }

  /**
   * A host.
   *
   * @param halt what ends the server at once; gets one line for the operator
   * @param taskFailed told the name of a lane that serves clients when a task failed on it; from
   *     any thread
   */
  public RealHost(
      Disk disk, GrpcNetwork network, Consumer<String> halt, Consumer<String> taskFailed) {
    this.disk = disk;
    this.network = network;
    this.halt = halt;
    this.failures = new LaneFailures(taskFailed);
  }

  @Override
  public Clock clock() {
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
    return new ThreadLane(name, haltedBy(name));
  }

  @Override
  public Lane serviceLane(String name, Runnable recover) {
    return new ServiceLane(lane(name), failure -> failures.contain(name, failure, recover));
  }

  @Override
  public Lane networkLane(String name) {
    return network.lane(haltedBy(name));
  }

  private Consumer<Throwable> haltedBy(String name) {
    return failure -> halt("lane " + name + " failed: " + failure);
  }

  @Override
  public void halt(String reason) {
    halt.accept(reason);
  }
}
