package io.balsa.sim;

import io.balsa.engine.MemoryEngines;
import io.balsa.node.Node;
import io.balsa.node.NodeConfig;
import io.balsa.node.NodeMetrics;
import io.balsa.node.StartupFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A server over all its lives: its disk stays, its process comes and goes. */
final class SimServer {
  private static final long MILLISECOND = 1_000_000;

  /** Told when a process ends, before it is forgotten. */
  interface Watcher {
    /** A process ended and left its disk so. */
    void died(SimServer server);
  }

  private final World world;
  private final SimNetwork network;
  private final Scenario scenario;
  private final NodeConfig config;
  private final SimDice dice;
  private final SimDisk disk;
  private final SimClock clock;
  private final Watcher watcher;
  private final List<Consumer<String>> waiting = new ArrayList<>();
  private @Nullable SimHost host;
  private @Nullable Node node;
  private int lives;
  private boolean dying;
  private boolean stops;

  SimServer(
      World world, SimNetwork network, Scenario scenario, long id, SimDice dice, Watcher watcher) {
    this.world = world;
    this.network = network;
    this.scenario = scenario;
    this.config = scenario.configOf(id);
    this.dice = dice;
    this.watcher = watcher;
    this.disk =
        new SimDisk(world, scenario.sectorBytes(), new DiskFaults(world, this::dieInChange));
    double drift = scenario.clockDrift() * (2 * dice.fraction() - 1);
    this.clock = new SimClock(world, 1 + drift, dice.between(0, 1_000_000 * MILLISECOND));
  }

  long id() {
    return config.self();
  }

  SimDisk disk() {
    return disk;
  }

  NodeConfig config() {
    return config;
  }

  int lives() {
    return lives;
  }

  /** Whether it was told to stop, and has not yet. */
  boolean stops() {
    return stops;
  }

  boolean isUp() {
    return host != null;
  }

  /** The machine; while the server is up. */
  SimHost host() {
    return Objects.requireNonNull(host, "the server is up");
  }

  /** The running server; null while it is down or starting. */
  @Nullable Node node() {
    return node;
  }

  /** Starts a process, if none runs. */
  void start() {
    if (host != null) {
      return;
    }
    lives++;
    disk.faults().reset();
    SimHost fresh =
        new SimHost(
            world,
            id(),
            clock,
            dice.split(),
            disk,
            network,
            scenario.taskNanos(),
            this::diskNanos,
            this::halted);
    host = fresh;
    world.at(world.now() + diskNanos(), fresh, "start", this::boot, null);
  }

  private long diskNanos() {
    return scenario.diskSpeed().draw(dice) * disk.faults().slowness();
  }

  private void boot() {
    try {
      node = Node.start(config, host(), new MemoryEngines(new SimMedium(disk)), NodeMetrics.NONE);
      world.trace().note(world.now(), id(), "started", "life " + lives);
    } catch (StartupFailure e) {
      halted(host(), "does not start: " + e.getMessage());
    }
  }

  private void halted(SimHost from, String reason) {
    world.trace().note(world.now(), id(), "halted", reason);
    world.expect(disk.faults().hasFailed(), () -> "server " + id() + " halts: " + reason);
    if (from == host) {
      die(Survival.SOME, false);
      restartAfter(dice.between(10, 1_000) * MILLISECOND);
    }
  }

  private void dieInChange() {
    if (dying) {
      throw new World.Death();
    }
    if (host != null) {
      world.trace().note(world.now(), id(), "dies in a change", world.now());
      die(Survival.ofPowerLoss(dice), dice.chance(0.5));
      restartAfter(dice.between(1, 2_000) * MILLISECOND);
      throw new World.Death();
    }
  }

  /** The process ends at once. */
  void die(Survival survival, boolean silently) {
    SimHost ending = host;
    if (ending == null) {
      return;
    }
    if (survival != Survival.ALL) {
      beginWhatIsUnderWay(ending);
    }
    ending.die();
    host = null;
    node = null;
    stops = false;
    network.died(ending, silently);
    disk.crash(survival, dice);
    disk.faults().reset();
    List<Consumer<String>> lost = List.copyOf(waiting);
    waiting.clear();
    lost.forEach(one -> one.accept("the server died"));
    watcher.died(this);
  }

  /** Some of the tasks that wait for the disk have begun, and end anywhere. */
  private void beginWhatIsUnderWay(SimHost ending) {
    dying = true;
    for (SimLane lane : ending.lanes()) {
      Runnable task = lane.underWay();
      if (task != null && dice.chance(0.7)) {
        disk.faults().reset();
        disk.faults().dieAfter(1 + dice.below(6));
        world.dyingTask(task);
      }
    }
    dying = false;
  }

  void restartAfter(long nanos) {
    world.at(world.now() + nanos, "restart", this::start);
  }

  /** Stands still for a time. */
  void pause(long nanos) {
    if (host != null) {
      host.pauseUntil(world.now() + nanos);
    }
  }

  void resume() {
    if (host != null) {
      host.pauseUntil(0);
    }
  }

  /** Is stopped as an operator would, and started again after a time. */
  void stop(long downNanos) {
    SimHost stopping = host;
    Node running = node;
    if (stopping != null && running != null && !stops) {
      stops = true;
      world.at(
          world.now(),
          stopping,
          "stop",
          () -> running.stop(() -> stopped(stopping, downNanos)),
          null);
    }
  }

  private void stopped(SimHost stopping, long downNanos) {
    world.trace().note(world.now(), id(), "stopped", "");
    if (stopping == host) {
      die(Survival.ofPowerLoss(dice), false);
      restartAfter(downNanos);
    }
  }

  /** Somebody waits for an answer, and is told when it cannot come any more. */
  void waits(Consumer<String> lost) {
    waiting.add(lost);
  }

  void waitsNoMore(Consumer<String> lost) {
    waiting.remove(lost);
  }
}
