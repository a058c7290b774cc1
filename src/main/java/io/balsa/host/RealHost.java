package io.balsa.host;

import java.util.function.Consumer;

/** The machine that the process runs on. */
public final class RealHost implements Host {
  /** What the process ends with when it must not go on: sysexits' EX_SOFTWARE. */
  public static final int EXIT_HALTED = 70;

  private final Clock clock = new SystemClock();
  private final Dice dice = new RandomDice();
  private final Disk disk;
  private final GrpcNetwork network;
  private final Consumer<String> halt;

  /** A host whose {@link #halt} ends the process. */
  public RealHost(Disk disk, GrpcNetwork network) {
    this(disk, network, RealHost::endProcess);
  }

  /**
   * A host.
   *
   * @param halt what ends the server at once; gets one line for the operator
   */
  public RealHost(Disk disk, GrpcNetwork network, Consumer<String> halt) {
    this.disk = disk;
    this.network = network;
    this.halt = halt;
  }

  private static void endProcess(String reason) {
    System.err.println("balsa: " + reason);
    Runtime.getRuntime().halt(EXIT_HALTED);
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
