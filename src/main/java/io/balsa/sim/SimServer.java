package io.balsa.sim;

import io.balsa.engine.MemoryEngines;
import io.balsa.lanes.NodeMetrics;
import io.balsa.node.Node;
import io.balsa.node.NodeConfig;
import io.balsa.node.StartupFailure;
import io.balsa.raft.LogPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A server over all its processes: its disk stays, processes start and end. */
final class SimServer {
  private static final long MILLISECOND = 1_000_000;

  /** Observes the ends of processes. */
  interface Watcher {
    /** A process ended; the disk has the state that the next one begins with. */
    void died(SimServer server);

    /** A process begins with a repaired log. */
    default void repaired(SimServer server) {}
  }

  private final World world;
  private final SimNetwork network;
  private final Scenario scenario;
  private final NodeConfig config;
  private final SimDice dice;
  private final CrashPoints points;
  private final DurableLog durable;
  private final SimDisk disk;
  private final SimClock clock;
  private final double drift;
  private final Watcher watcher;
  private final List<Consumer<String>> waiting = new ArrayList<>();
  private @Nullable SimHost host;
  private @Nullable Node node;
  private int lives;
  private boolean dying;
  private boolean stops;
  private boolean lost;
  private boolean wiped;
  private boolean retired;
  private boolean repairing;
  private int deathsToCome;
  private long diedAt = Long.MIN_VALUE / 2;

  SimServer(
      World world, SimNetwork network, Scenario scenario, long id, SimDice dice, Watcher watcher) {
    this.world = world;
    this.network = network;
    this.scenario = scenario;
    this.config = scenario.configOf(id);
    this.dice = dice;
    this.watcher = watcher;
    this.points = new CrashPoints(world.marks(), this::dieInChange);
    DiskFaults faults = new DiskFaults(world, this::dieInChange);
    this.durable = new DurableLog(world, faults);
    this.disk = new SimDisk(world, scenario.sectorBytes(), faults, points, durable);
    this.drift = scenario.clockDrift() * (2 * dice.fraction() - 1);
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

  CrashPoints points() {
    return points;
  }

  SimClock clock() {
    return clock;
  }

  /** The first rate of its clock. */
  double rate() {
    return 1 + drift;
  }

  /** The durable part of its log. */
  DurableLog durable() {
    return durable;
  }

  /** Whether its disk lost data that it needs, so that it rightly stays down for good. */
  boolean isLost() {
    return lost;
  }

  /** Ends the server for good. */
  void retire() {
    retired = true;
    die(Survival.ALL, true);
  }

  /** Makes the server die right after a number of starts. */
  void loop(int deaths) {
    deathsToCome = deaths;
  }

  /** Wipes the disk. */
  void wipe() {
    disk.wipe();
    durable.forget();
    world.marks().hit(Mark.WIPED_SERVER_LEFT_OUT);
    wiped = true;
    lost = true;
  }

  boolean isWiped() {
    return wiped;
  }

  int lives() {
    return lives;
  }

  /** Whether a graceful stop is under way. */
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
    if (host != null || retired) {
      return;
    }
    lives++;
    points.disarm();
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
            points,
            this::halted);
    host = fresh;
    if (deathsToCome > 0) {
      deathsToCome--;
      long after = (long) dice.logUniform(MILLISECOND, 400 * MILLISECOND);
      world.at(world.now() + after, fresh, "dies again", this::dieAgain, null);
    }
    world.at(world.now() + diskNanos(), fresh, "start", this::boot, null);
  }

  private long diskNanos() {
    return scenario.diskSpeed().draw(dice) * disk.faults().slowness();
  }

  private void dieAgain() {
    die(Survival.ofPowerLoss(dice), false);
    restartAfter((long) dice.logUniform(MILLISECOND, 100 * MILLISECOND));
  }

  private void boot() {
    MemoryEngines engines = new MemoryEngines(new SimMedium(disk));
    Node.start(config, host(), engines, new Honest(), new Begun());
  }

  /** No simulated server sends incredible messages: if one is not believed, that is a bug. */
  private final class Honest implements NodeMetrics {
    @Override
    public void peerDisbelieved(long peer) {
      world.breaks("server " + id() + " does not believe a message of server " + peer);
    }
  }

  /** Handles the result of a start. */
  private final class Begun implements Node.Starting {
    @Override
    public void repairing(String damage) {
      world.trace().note(world.now(), id(), "repairs", damage);
      boolean rightly = disk.faults().isDamaged() || disk.faults().refused() != null;
      world.expect(rightly, () -> "server " + id() + " repairs: " + damage);
      world.marks().hit(Mark.LOG_REPAIR_BEGUN);
      repairing = true;
    }

    @Override
    public void started(Node started) {
      node = started;
      world.trace().note(world.now(), id(), "started", "life " + lives);
      LogPosition rotten = disk.faults().rottenAfter(durable.start(), disk);
      world.expect(
          repairing || rotten == null,
          () ->
              "server " + id() + " begins with damaged entry " + rotten + " as if it were intact");
      if (repairing) {
        repairing = false;
        world.marks().hit(Mark.LOG_REPAIRED);
        watcher.repaired(SimServer.this);
      }
    }

    @Override
    public void failed(StartupFailure failure) {
      halted(host(), "does not start: " + failure.getMessage());
    }
  }

  /** Whether the server is up, but repairs its log first. */
  boolean isRepairing() {
    return repairing;
  }

  private void halted(SimHost from, String reason) {
    if (dying) {
      return; // a process ends once
    }
    world.trace().note(world.now(), id(), "halted", reason);
    Mark refused = disk.faults().refused();
    // a server need not end because of damaged entries: it repairs them, or waits
    boolean beyondRepair = node != null || disk.faults().damagedEntries().isEmpty();
    boolean rightly = refused != null || lost || (disk.faults().isDamaged() && beyondRepair);
    world.expect(rightly, () -> "server " + id() + " halts: " + reason);
    if (refused != null) {
      world.marks().hit(refused);
    } else if (node == null && !lost) {
      lost = true;
      world.marks().hit(Mark.DAMAGE_REFUSED_AT_START);
    }
    if (from == host) {
      die(Survival.SOME, false);
      if (!lost) {
        restartAfter(dice.between(10, 1_000) * MILLISECOND);
      }
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

  /** Ends the process at once. */
  void die(Survival survival, boolean silently) {
    SimHost ending = host;
    if (ending == null) {
      return;
    }
    if (survival != Survival.ALL) {
      beginWhatIsUnderWay(ending);
    }
    if (node != null && node.status().leader() == id()) {
      world.marks().hit(Mark.LEADER_KILLED);
    }
    if (world.now() - diedAt < 1_000 * MILLISECOND) {
      world.marks().hit(Mark.SECOND_DEATH_WITHIN_A_SECOND);
    }
    if (node == null && lives > 1) {
      world.marks().hit(Mark.DEATH_WHILE_RECOVERING);
    }
    diedAt = world.now();
    ending.die();
    host = null;
    node = null;
    repairing = false;
    stops = false;
    network.died(ending, silently);
    disk.crash(survival, dice);
    disk.faults().reset();
    List<Consumer<String>> lost = List.copyOf(waiting);
    waiting.clear();
    lost.forEach(one -> one.accept("the server died"));
    watcher.died(this);
  }

  /** Runs parts of some tasks that wait for the disk, as if they had begun. */
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

  /** Pauses for a time. */
  void pause(long nanos) {
    if (host != null) {
      if (node != null && node.status().leader() == id()) {
        world.marks().hit(Mark.LEADER_PAUSED);
      }
      long end = world.now() + nanos;
      long deaf = dice.chance(0.5) ? 0 : (long) dice.logUniform(100_000, 30 * MILLISECOND);
      host.pauseUntil(end, end + deaf);
    }
  }

  /** Ends all faults of this server. */
  void heal() {
    disk.faults().heal();
    points.disarm();
    deathsToCome = 0;
    if (host != null) {
      world.resume(host);
    }
    if (!lost) {
      start();
    }
  }

  /** Stops gracefully, and starts again after a time. */
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
    world.marks().hit(Mark.STOPPED_GRACEFULLY);
    world.trace().note(world.now(), id(), "stopped", "");
    if (stopping == host) {
      die(Survival.ofPowerLoss(dice), false);
      restartAfter(downNanos);
    }
  }

  /** A client waits for an answer; the callback runs when the answer cannot come any more. */
  void waits(Consumer<String> lost) {
    waiting.add(lost);
  }

  void waitsNoMore(Consumer<String> lost) {
    waiting.remove(lost);
  }
}
