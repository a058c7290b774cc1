package io.balsa.sim;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Brings the faults of a scenario about, each kind at its own random times, until all is healed.
 */
final class Faults {
  private static final long MILLISECOND = 1_000_000;

  private final World world;
  private final Scenario scenario;
  private final SimNetwork network;
  private final List<SimServer> servers;
  private final SimDice dice;
  private final Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
  private boolean over;

  Faults(
      World world, Scenario scenario, SimNetwork network, List<SimServer> servers, SimDice dice) {
    this.world = world;
    this.scenario = scenario;
    this.network = network;
    this.servers = servers;
    this.dice = dice;
  }

  /** How often each kind happened. */
  Map<String, Integer> counts() {
    Map<String, Integer> byName = new TreeMap<>();
    counts.forEach((fault, count) -> byName.put(fault.name(), count));
    return byName;
  }

  void begin() {
    network.weather(scenario.weather());
    scenario.faults().forEach((fault, mean) -> next(fault, mean, dice.split()));
  }

  private void next(Fault fault, long mean, SimDice own) {
    world.at(
        world.now() + own.exponential(mean),
        fault.name(),
        () -> {
          if (!over) {
            counts.merge(fault, 1, Integer::sum);
            happen(fault, own);
            next(fault, mean, own);
          }
        });
  }

  /** Everything goes well from now on. */
  void heal() {
    over = true;
    world.trace().note(world.now(), 0, "heal", "");
    network.heal();
    network.weather(SimNetwork.Weather.FAIR);
    for (SimServer server : servers) {
      server.disk().faults().heal();
      server.resume();
      server.start();
    }
  }

  private void happen(Fault fault, SimDice own) {
    SimServer server = own.pick(servers);
    SimServer other = own.pick(servers);
    world.trace().note(world.now(), server.id(), fault.name(), "");
    switch (fault) {
      case KILL -> crash(server, Survival.ALL, false, own);
      case POWER_LOSS -> crash(server, Survival.ofPowerLoss(own), own.chance(0.5), own);
      case DEATH_IN_CHANGE -> server.disk().faults().dieAfter(1 + own.below(40));
      case ALL_POWER_LOSS ->
          servers.forEach(each -> crash(each, Survival.ofPowerLoss(own), true, own));
      case PAUSE -> server.pause((long) own.logUniform(20 * MILLISECOND, 5_000 * MILLISECOND));
      case STOP -> server.stop(own.between(1, 1_000) * MILLISECOND);
      case MOVE_LEADER -> moveLeader(server, own.chance(0.5) ? 0 : other.id());
      case ISOLATE -> isolate(server, own);
      case PARTITION -> partition(own);
      case ONE_WAY_CUT -> cut(server, other, own, false);
      case PAIR_CUT -> cut(server, other, own, true);
      case RESET -> network.reset(own);
      case SLOW_DISK -> slow(server, own);
      case HANGING_FORCE -> hang(server, own);
      case FAILING_FORCE -> server.disk().faults().failForce();
      case FULL_DISK -> fill(server, own);
    }
  }

  private void crash(SimServer server, Survival survival, boolean silently, SimDice own) {
    if (server.isUp()) {
      server.die(survival, silently);
      server.restartAfter((long) own.logUniform(MILLISECOND, 4_000 * MILLISECOND));
    }
  }

  private void moveLeader(SimServer server, long target) {
    var node = server.node();
    if (node != null) {
      world.at(world.now(), server.host(), "move", () -> node.moveLeader(target, _ -> {}), null);
    }
  }

  private void isolate(SimServer alone, SimDice own) {
    for (SimServer each : servers) {
      if (each != alone) {
        both(alone, each, own);
      }
    }
    healLater(own);
  }

  private void partition(SimDice own) {
    int side = 1 + own.below((1 << servers.size()) - 2);
    for (int i = 0; i < servers.size(); i++) {
      for (int j = i + 1; j < servers.size(); j++) {
        if ((side >> i & 1) != (side >> j & 1)) {
          both(servers.get(i), servers.get(j), own);
        }
      }
    }
    healLater(own);
  }

  private void cut(SimServer from, SimServer to, SimDice own, boolean bothWays) {
    if (from == to) {
      return;
    }
    if (bothWays) {
      both(from, to, own);
    } else {
      network.cut(from.id(), to.id());
    }
    healLater(own);
  }

  private void both(SimServer one, SimServer other, SimDice own) {
    network.cut(one.id(), other.id());
    network.cut(other.id(), one.id());
    if (own.chance(0.3)) {
      network.reset(one.id(), other.id());
    }
  }

  private void healLater(SimDice own) {
    long after = (long) own.logUniform(50 * MILLISECOND, 6_000 * MILLISECOND);
    world.at(world.now() + after, "network heals", network::heal);
  }

  private void slow(SimServer server, SimDice own) {
    server.disk().faults().slowness(1 + (int) own.logUniform(2, 200));
    long after = (long) own.logUniform(100 * MILLISECOND, 3_000 * MILLISECOND);
    world.at(world.now() + after, "disk is fast", () -> server.disk().faults().slowness(1));
  }

  private void hang(SimServer server, SimDice own) {
    long nanos = (long) own.logUniform(100 * MILLISECOND, 5_000 * MILLISECOND);
    Runnable note = () -> world.trace().note(world.now(), server.id(), "force hangs", nanos);
    server.disk().faults().hang(nanos, note);
  }

  private void fill(SimServer server, SimDice own) {
    server.disk().faults().full(true);
    long after = (long) own.logUniform(50 * MILLISECOND, 2_000 * MILLISECOND);
    world.at(world.now() + after, "disk has room", () -> server.disk().faults().full(false));
  }
}
