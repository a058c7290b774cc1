package io.balsa.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;

/** Network faults: paths between machines are cut or clogged in a pattern, and healed later. */
final class NetworkFaults {
  private static final long MILLISECOND = 1_000_000;
  private static final List<String> HELD =
      List.of(
          "AppendEntries",
          "AppendEntriesReply",
          "Heartbeat",
          "HeartbeatReply",
          "AppendEntriesRejected",
          "RequestVote",
          "RequestVoteReply",
          "PreVoteReply",
          "ReadIndexRequest",
          "ReadIndexReply",
          "InstallSnapshot",
          "InstallSnapshotReply",
          "TimeoutNow",
          "ForwardProposals",
          "ForwardRefused");

  private final World world;
  private final SimNetwork network;
  private final List<SimServer> servers;
  private final SimNetwork.Weather weather;
  private boolean over;

  NetworkFaults(
      World world, SimNetwork network, List<SimServer> servers, SimNetwork.Weather weather) {
    this.world = world;
    this.network = network;
    this.servers = servers;
    this.weather = weather;
  }

  /** Heals all paths, and ends all faults under way. */
  void heal() {
    over = true;
    network.heal();
    network.weather(SimNetwork.Weather.FAIR);
  }

  void happen(Fault fault, SimServer server, SimServer other, SimDice own) {
    switch (fault) {
      case ISOLATE -> cut((from, to) -> from == server || to == server, own);
      case PARTITION -> partition(own);
      case ONE_WAY_CUT -> cut((from, to) -> from == server && to == other, own);
      case DEAF -> cut((_, to) -> to == server, own);
      case MUTE -> cut((from, _) -> from == server, own);
      case PAIR_CUT ->
          cut((a, b) -> (a == server && b == other) || (a == other && b == server), own);
      case BRIDGE -> bridge(server, own);
      case RING -> cut((from, to) -> distance(from, to) > 1, own);
      case CLOG -> clog(server.id(), other.id(), own);
      case SWIZZLE -> swizzle(own);
      case DELAY -> delay(own);
      case HOLD -> hold(own);
      case REPLAY -> replay(own);
      case RESET -> network.reset(own);
      case CORRUPT_FRAME -> network.frames().corruptNext();
      default -> throw new IllegalArgumentException(fault + " is no network fault");
    }
  }

  private int distance(SimServer from, SimServer to) {
    int apart = Math.abs(servers.indexOf(from) - servers.indexOf(to));
    return Math.min(apart, servers.size() - apart);
  }

  private static boolean isIn(int side, SimServer server) {
    return ((side >> (server.id() - 1)) & 1) == 1;
  }

  private void partition(SimDice own) {
    int side = 1 + own.below((1 << servers.size()) - 2);
    cut((from, to) -> isIn(side, from) != isIn(side, to), own);
  }

  /** When a leader transfers, one side hears no other server, but all hear it. */
  void strand(List<SimServer> side, Runnable told, SimDice own) {
    network
        .frames()
        .when(
            "TimeoutNow",
            () -> {
              if (!over) {
                cut((from, to) -> !side.contains(from) && side.contains(to), own);
                world.at(world.now(), "stranded", told);
              }
            });
  }

  private void bridge(SimServer between, SimDice own) {
    int side = own.below(1 << servers.size());
    cut((from, to) -> from != between && to != between && isIn(side, from) != isIn(side, to), own);
  }

  private void cut(BiPredicate<SimServer, SimServer> which, SimDice own) {
    List<NetworkPath> cuts = new ArrayList<>();
    boolean noticed = own.chance(0.35);
    eachPair(
        (from, to) -> {
          if (which.test(from, to)) {
            NetworkPath way = network.way(from.id(), to.id());
            way.cut();
            cuts.add(way);
            if (noticed) {
              network.reset(from.id(), to.id());
            }
          }
        });
    later(
        (long) own.logUniform(50 * MILLISECOND, 8_000 * MILLISECOND),
        () -> cuts.forEach(NetworkPath::mend));
  }

  private void eachPair(BiConsumer<SimServer, SimServer> each) {
    for (SimServer from : servers) {
      for (SimServer to : servers) {
        if (from != to) {
          each.accept(from, to);
        }
      }
    }
  }

  private void later(long nanos, Runnable task) {
    world.at(
        world.now() + nanos,
        "network heals",
        () -> {
          if (!over) {
            task.run();
          }
        });
  }

  private void clog(long from, long to, SimDice own) {
    network.way(from, to).clog();
    later(
        (long) own.logUniform(10 * MILLISECOND, 5_000 * MILLISECOND),
        () -> network.unclog(from, to));
  }

  /** Clogs and frees each path at its own time. */
  private void swizzle(SimDice own) {
    eachPair(
        (from, to) -> {
          if (own.chance(0.6)) {
            later(own.exponential(500 * MILLISECOND), () -> clog(from.id(), to.id(), own));
          }
        });
  }

  private void delay(SimDice own) {
    network.weather(weather.slower((int) own.logUniform(3, 60)));
    later(
        (long) own.logUniform(100 * MILLISECOND, 3_000 * MILLISECOND),
        () -> network.weather(weather));
  }

  private void replay(SimDice own) {
    network.frames().replay(own);
    if (own.chance(0.3)) {
      network.frames().replayAtVote();
    }
  }

  /** Cuts off a machine in both directions for some time. */
  void isolate(SimServer server, long nanos) {
    List<NetworkPath> cuts = new ArrayList<>();
    eachPair(
        (from, to) -> {
          if (from == server || to == server) {
            NetworkPath way = network.way(from.id(), to.id());
            way.cut();
            cuts.add(way);
          }
        });
    later(nanos, () -> cuts.forEach(NetworkPath::mend));
  }

  private void hold(SimDice own) {
    network.frames().hold(own.pick(HELD));
    later((long) own.logUniform(50 * MILLISECOND, 10_000 * MILLISECOND), network.frames()::release);
  }
}
