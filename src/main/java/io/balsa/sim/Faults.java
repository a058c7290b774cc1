package io.balsa.sim;

import io.balsa.node.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Runs the faults of a scenario, each kind at its own random times, until the fault phase ends. */
final class Faults {
  private static final long MILLISECOND = 1_000_000;
  private static final double AIMED = 0.35;

  private final World world;
  private final Scenario scenario;
  private final NetworkFaults network;
  private final List<SimServer> servers;
  private final Damage damage;
  private final SimDice dice;
  private final List<Runnable> ends = new ArrayList<>();
  private final Set<String> without;
  private boolean over;
  private BiConsumer<SimServer, List<SimServer>> whenStranded = (_, _) -> {};

  /**
   * All faults of a run.
   *
   * @param without kinds of fault, or single faults as {@link Coverage} names them, that do not
   *     happen
   */
  Faults(
      World world,
      Scenario scenario,
      SimNetwork network,
      List<SimServer> servers,
      List<String> without,
      SimDice dice) {
    this.without = new TreeSet<>(without);
    this.world = world;
    this.scenario = scenario;
    this.network = new NetworkFaults(world, network, servers, scenario.weather());
    this.servers = servers;
    this.dice = dice;
    this.damage = new Damage(world, servers, dice.split());
    network.weather(scenario.weather());
  }

  /**
   * Begins.
   *
   * @param until the time at which all faults end
   */
  void begin(long until) {
    servers.forEach(server -> server.disk().faults().hangsEndBy(until));
    for (Fault fault : Fault.values()) {
      SimDice own = dice.split();
      Long mean = scenario.faults().get(fault);
      if (mean != null) {
        next(fault, mean, own, 1);
      }
    }
    lookForDisks();
  }

  private void lookForDisks() {
    damage.look();
    if (!over) {
      world.at(world.now() + 500 * MILLISECOND, "look", this::lookForDisks);
    }
  }

  /** Each fault has its own dice, so that leaving one out does not change the others. */
  private void next(Fault fault, long mean, SimDice own, int number) {
    SimDice its = own.split();
    world.at(
        world.now() + own.exponential(mean),
        fault.name(),
        () -> {
          if (!over) {
            String name = fault.name() + ":" + number;
            if (!without.contains(name)) {
              happen(fault, name, its);
            }
            next(fault, mean, own, number + 1);
          }
        });
  }

  /**
   * Ends all faults for a majority, or all, of the servers that lost no data. The others stay dead,
   * deaf or mute for good.
   *
   * @param unwanted the server to leave out if the others are a majority; null for none
   * @return the healthy servers
   */
  List<SimServer> settle(SimNetwork ways, @Nullable SimServer unwanted) {
    over = true;
    network.heal();
    ends.forEach(Runnable::run);
    List<SimServer> core = new ArrayList<>(servers);
    core.removeIf(server -> server.isLost() || server.disk().faults().isDamaged());
    List<SimServer> others = new ArrayList<>();
    int majority = servers.size() / 2 + 1;
    if (unwanted != null && core.size() > majority && core.remove(unwanted)) {
      others.add(unwanted);
    }
    while (core.size() > majority && dice.chance(0.6)) {
      others.add(core.remove(dice.below(core.size())));
    }
    world.trace().note(world.now(), 0, "heal", core.stream().map(SimServer::id).toList());
    others.forEach(other -> exclude(other, core, ways));
    if (others.isEmpty()) {
      world.marks().hit(Mark.CORE_OF_ALL);
    }
    for (SimServer server : servers) {
      server.heal();
    }
    return core;
  }

  private void exclude(SimServer other, List<SimServer> core, SimNetwork ways) {
    int how = dice.below(3);
    world
        .marks()
        .hit(List.of(Mark.CORE_WITH_DEAD, Mark.CORE_WITH_DEAF, Mark.CORE_WITH_MUTE).get(how));
    world.trace().note(world.now(), other.id(), "left out", how);
    if (how == 0) {
      other.retire();
      return;
    }
    for (SimServer each : core) {
      (how == 1 ? ways.way(each.id(), other.id()) : ways.way(other.id(), each.id())).cut();
    }
  }

  /** A server that believes to lead; null for none. */
  @Nullable SimServer leader() {
    for (SimServer server : servers) {
      Node node = server.node();
      if (node != null && node.leader() == server.id()) {
        return server;
      }
    }
    return null;
  }

  /** Faults of leaders find more bugs, so a third of the faults target a leader. */
  private SimServer victim(SimDice own) {
    SimServer any = own.pick(servers);
    SimServer leader = own.chance(AIMED) ? leader() : null;
    return leader == null ? any : leader;
  }

  private void happen(Fault fault, String name, SimDice own) {
    SimServer server = victim(own);
    SimServer other = own.pick(servers);
    world.trace().note(world.now(), server.id(), name, "");
    boolean happened =
        switch (fault) {
          case BIT_ROT, FILE_ROT, LOST_WRITE, MISDIRECTED_WRITE, WIPED_DISK ->
              damage.happen(fault, own);
          case ISOLATE,
              PARTITION,
              ONE_WAY_CUT,
              DEAF,
              MUTE,
              PAIR_CUT,
              BRIDGE,
              RING,
              CLOG,
              SWIZZLE,
              DELAY,
              HOLD,
              REPLAY,
              RESET,
              CORRUPT_FRAME -> {
            network.happen(fault, server, other, own);
            yield true;
          }
          default -> onMachine(fault, server, other, own);
        };
    if (happened) {
      world.marks().happened(fault, name);
    }
  }

  private boolean onMachine(Fault fault, SimServer server, SimServer other, SimDice own) {
    switch (fault) {
      case KILL -> crash(server, Survival.ALL, false, own);
      case POWER_LOSS -> crash(server, Survival.ofPowerLoss(own), own.chance(0.5), own);
      case DEATH_AT_POINT -> server.points().arm(own);
      case ALL_POWER_LOSS ->
          servers.forEach(each -> crash(each, Survival.ofPowerLoss(own), true, own));
      case CRASH_LOOP -> {
        server.loop(2 + own.below(4));
        crash(server, Survival.ofPowerLoss(own), false, own);
      }
      case PAUSE -> server.pause((long) own.logUniform(20 * MILLISECOND, 5_000 * MILLISECOND));
      case STOP -> server.stop(own.between(1, 1_000) * MILLISECOND);
      case MOVE_LEADER -> {
        if (own.chance(0.5)) {
          strand(own);
        } else {
          moveLeader(server, own.chance(0.5) ? 0 : other.id());
        }
      }
      case HANGING_FORCE -> hang(server, own);
      default -> {
        return onDisk(fault, server.disk().faults(), own) || onClock(fault, server, own);
      }
    }
    return true;
  }

  private boolean onDisk(Fault fault, DiskFaults disk, SimDice own) {
    switch (fault) {
      case DEATH_IN_CHANGE -> {
        if (own.chance(0.5)) {
          disk.dieInLargeWrite();
        } else {
          disk.dieAfter(1 + own.below(40));
        }
      }
      case SLOW_DISK -> {
        disk.slowness(1 + (int) own.logUniform(2, 200));
        end(own, 3_000, () -> disk.slowness(1));
      }
      case FAILING_FORCE -> disk.failForce();
      case DEAD_DISK -> {
        disk.dead(true);
        end(own, 5_000, () -> disk.dead(false));
      }
      case FULL_DISK -> {
        disk.full(true);
        end(own, 2_000, () -> disk.full(false));
      }
      case READ_ERROR -> disk.failRead();
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean onClock(Fault fault, SimServer server, SimDice own) {
    switch (fault) {
      case CLOCK_JUMP -> jump(server.clock(), own);
      case CLOCK_RATE -> {
        server.clock().rate(0.9 + 0.2 * own.fraction());
        end(own, 10_000, () -> server.clock().rate(server.rate()));
      }
      case FROZEN_CLOCK -> {
        world.marks().hit(Mark.CLOCK_STOOD_STILL);
        server.clock().frozen(true);
        end(own, 2_000, () -> server.clock().frozen(false));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Ends a fault after some time, at the latest at the end of the fault phase. */
  private void end(SimDice own, long maxMillis, Runnable task) {
    ends.add(task);
    long after = (long) own.logUniform(50 * MILLISECOND, (double) maxMillis * MILLISECOND);
    world.at(world.now() + after, "ends", task);
  }

  private static void jump(SimClock clock, SimDice own) {
    long hour = 3_600_000 * MILLISECOND;
    clock.jumpWall(own.between(-hour, hour));
    if (own.chance(0.5)) {
      clock.jump((long) own.logUniform(MILLISECOND, (double) hour));
    }
  }

  private void crash(SimServer server, Survival survival, boolean silently, SimDice own) {
    if (server.isUp()) {
      server.die(survival, silently);
      server.restartAfter((long) own.logUniform(MILLISECOND, 4_000 * MILLISECOND));
    }
  }

  /** Asks a server to transfer its leadership. */
  void moveLeader(SimServer server, long target) {
    Node node = server.node();
    if (node != null) {
      world.at(world.now(), server.host(), "move", () -> node.moveLeader(target, _ -> {}), null);
    }
  }

  /**
   * A leader transfers its leadership and then hears only a minority. So for some time two servers
   * believe that they lead, and the earlier leader has a follower.
   */
  private void strand(SimDice own) {
    SimServer leader = leader();
    if (leader == null) {
      return;
    }
    List<SimServer> others = new ArrayList<>(servers);
    others.remove(leader);
    SimServer heir = others.remove(own.below(others.size()));
    List<SimServer> stranded = new ArrayList<>(List.of(leader));
    while (stranded.size() < servers.size() / 2) {
      stranded.add(others.remove(own.below(others.size())));
    }
    world.trace().note(world.now(), leader.id(), "stranded", heir.id());
    network.strand(stranded, () -> whenStranded.accept(heir, stranded), own);
    moveLeader(leader, heir.id());
  }

  /**
   * Sets the callback of a stranded leader: gets the new leader and the servers cut off from it.
   */
  void whenStranded(BiConsumer<SimServer, List<SimServer>> told) {
    whenStranded = told;
  }

  private void hang(SimServer server, SimDice own) {
    hang(server, (long) own.logUniform(100 * MILLISECOND, 8_000 * MILLISECOND));
    SimServer leader = leader();
    if (leader != null && own.chance(0.3)) {
      hangApart(leader, own);
    }
  }

  private void hang(SimServer server, long nanos) {
    Runnable note = () -> world.trace().note(world.now(), server.id(), "force hangs", nanos);
    server.disk().faults().hang(nanos, note);
  }

  /**
   * Cuts off a leader while its force hangs, for less time than the force hangs. So other servers
   * may overwrite the leader's entries before its force ends.
   */
  private void hangApart(SimServer leader, SimDice own) {
    network.isolate(leader, own.between(500, 2_000) * MILLISECOND);
    long first = own.between(1, 50) * MILLISECOND;
    long nanos = own.between(2_000, 6_000) * MILLISECOND;
    world.at(
        world.now() + first,
        "hangs",
        () -> {
          if (!over) {
            hang(leader, nanos);
          }
        });
  }
}
