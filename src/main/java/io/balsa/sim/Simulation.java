package io.balsa.sim;

import io.balsa.check.LinearizabilityChecker;
import io.balsa.check.Model;
import io.balsa.check.Verdict;
import io.balsa.kv.Result;
import io.balsa.node.Node;
import io.balsa.node.NodeStatus;
import io.balsa.node.Outcome;
import io.balsa.raft.LogPosition;
import io.balsa.raft.Recovered;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One run of the world. First things go wrong while clients ask; then all heals, the clients go on
 * for a while, and the cluster must become one again: a leader, every request answered, the same
 * state everywhere. At last every answer is judged.
 */
public final class Simulation {
  private static final long MILLISECOND = 1_000_000;
  private static final long LOOK_EVERY_NANOS = 50 * MILLISECOND;
  private static final long STEADY_NANOS_MAX = 5_000 * MILLISECOND;
  private static final int PENDING_MAX = 100;
  private static final long CALM_REQUESTS_NANOS = 2_000 * MILLISECOND;

  private final long seed;
  private final SimOptions options;
  private final World world;
  private final Map<Long, SimServer> servers = new TreeMap<>();
  private final LogWatch log;
  private final Promises promises;
  private final Scenario scenario;
  private final Faults faults;
  private final Clients clients;
  private final SimNetwork network;
  private List<SimServer> core = List.of();

  /** Runs a seed. */
  public static SimReport run(long seed, SimOptions options) {
    return new Simulation(seed, options).run();
  }

  private Simulation(long seed, SimOptions options) {
    this.seed = seed;
    this.options = options;
    SimDice dice = new SimDice(seed);
    scenario = Scenario.draw(dice.split(), options);
    StatusWatches watches = new StatusWatches();
    world = new World(new Trace(options.trace()), watches);
    log = new LogWatch(world);
    watches.watch = new StatusWatch(world, log);
    promises = new Promises(world);
    network = new SimNetwork(world, dice.split(), new Wiretap(world, log, promises, servers));
    for (long id : scenario.ids()) {
      servers.put(id, new SimServer(world, network, scenario, id, dice.split(), promises));
    }
    List<SimServer> all = List.copyOf(servers.values());
    faults = new Faults(world, scenario, network, all, dice.split());
    clients = new Clients(world, scenario, all, options.operations(), dice.split());
  }

  /** Lets the world call a watch that needs the world to be made. */
  private final class StatusWatches implements World.AfterEvent {
    private @Nullable StatusWatch watch;

    @Override
    public void happened(SimHost host) {
      SimServer server = servers.get(host.id());
      if (watch != null && server != null) {
        watch.look(server);
      }
    }
  }

  private SimReport run() {
    world.trace().line(0, 0, "scenario", scenario);
    servers.values().forEach(SimServer::start);
    faults.begin(options.faults().toNanos());
    clients.begin();
    world.runUntil(options.faults().toNanos());
    core = faults.settle(network);
    clients.ask(core);
    boolean calm = becomesCalm(world.now() + options.calm().toNanos());
    if (world.broken() == null) {
      world.expect(calm, () -> "all is healed, and yet " + unrest());
    }
    if (world.broken() == null) {
      holdSteady();
    }
    if (world.broken() == null) {
      judge();
    }
    return report();
  }

  /** A leader of a healthy majority stays, whatever the others do, and nothing piles up. */
  private void holdSteady() {
    NodeStatus before = statusOf(core.getFirst());
    long timeouts = 10L * scenario.bounds().electionTicks() * 10 * MILLISECOND;
    world.runUntil(world.now() + Math.min(timeouts, STEADY_NANOS_MAX));
    for (SimServer server : core) {
      NodeStatus now = statusOf(server);
      world.expect(
          now.term() == before.term() && now.leader() == before.leader(),
          () -> "nothing goes wrong, and yet the leader changes from " + before + " to " + now);
    }
    world.expect(
        world.pending() <= PENDING_MAX * servers.size(),
        () -> world.pending() + " things are still to happen when all is at rest");
  }

  private static NodeStatus statusOf(SimServer server) {
    return Objects.requireNonNull(server.node(), "who is at rest is up").status();
  }

  /** Clients go on for a while, then all must come to rest. */
  private boolean becomesCalm(long deadline) {
    int before = acknowledged();
    long requestsEnd = world.now() + CALM_REQUESTS_NANOS;
    while (world.broken() == null && world.now() < deadline) {
      world.runUntil(world.now() + LOOK_EVERY_NANOS);
      boolean served = world.now() >= requestsEnd && acknowledged() > before;
      if (served) {
        clients.enough();
      }
      if (served && clients.open() == 0 && unrest() == null) {
        return true;
      }
    }
    return false;
  }

  /** Why the cluster is not at rest; null when it is. */
  private @Nullable String unrest() {
    List<NodeStatus> states = new ArrayList<>();
    for (SimServer server : core) {
      Node node = server.node();
      if (node == null || server.stops()) {
        return "server " + server.id() + " is down";
      }
      states.add(node.status());
    }
    for (SimServer server : servers.values()) {
      String trouble = trouble(server, states);
      if (trouble != null) {
        return trouble;
      }
    }
    NodeStatus first = states.getFirst();
    if (clients.open() > 0) {
      return clients.open() + " requests wait, such as " + firstOpen() + "; " + states;
    }
    for (NodeStatus state : states) {
      boolean same =
          state.applied() == log.committed().size()
              && state.hash() == first.hash()
              && state.raft().leader() == first.raft().leader()
              && state.raft().leader() != 0;
      if (!same) {
        return "they do not agree on " + log.committed().size() + " entries: " + states;
      }
    }
    return null;
  }

  /** What is wrong with a server of which only entries are damaged; adds its state. */
  private @Nullable String trouble(SimServer server, List<NodeStatus> states) {
    List<LogPosition> damaged = server.disk().faults().damagedEntries();
    if (damaged.isEmpty() || server.isLost()) {
      return null;
    }
    Node node = server.node();
    if (node != null) {
      states.add(node.status());
      return null;
    }
    return damaged.stream().allMatch(this::isThere)
        ? "server " + server.id() + " is not repaired, and there are good copies of " + damaged
        : null;
  }

  /** Whether one of those that are well has an entry. */
  private boolean isThere(LogPosition entry) {
    return core.stream()
        .anyMatch(
            server ->
                statusOf(server).raft().first() <= entry.index() && server.durable().holds(entry));
  }

  private @Nullable Asked firstOpen() {
    for (Asked asked : clients.asked()) {
      if (asked.ending == Asked.Ending.OPEN) {
        return asked;
      }
    }
    return null;
  }

  private void judge() {
    Witness witness = new Witness(world);
    witness.hold(log.committed(), clients.asked());
    holdDurable();
    for (SimServer server : core) {
      Node node = server.node();
      if (node != null) {
        node.read(Call.range(Call.ALL), false, outcome -> holdState(server, outcome, witness));
      }
    }
    world.runUntil(world.now() + LOOK_EVERY_NANOS);
    Verdict verdict =
        new LinearizabilityChecker(Model.kv())
            .check(Histories.of(clients.asked(), scenario.keys()));
    world.expect(verdict.isOk(), () -> verdict.toString());
  }

  /** Every committed entry is durable on a majority of the disks, and they can be read so. */
  private void holdDurable() {
    for (SimServer server : servers.values()) {
      Recovered recovered = server.isLost() ? null : promises.recover(server);
      world.expect(
          recovered == null || recovered.last().index() == server.durable().last(),
          () -> "server " + server.id() + " would begin with " + recovered);
    }
    for (LogWatch.Committed committed : log.committed()) {
      long holders =
          servers.values().stream()
              .filter(s -> s.isWiped() || s.durable().holds(committed.entry().position()))
              .count();
      world.expect(
          holders > servers.size() / 2, () -> committed + " is durable on " + holders + " disks");
    }
  }

  private void holdState(SimServer server, Outcome outcome, Witness witness) {
    Replay replay = witness.replay();
    boolean same =
        outcome instanceof Outcome.Answered(Result result, _)
            && result instanceof Result.Range range
            && range.revision() == replay.revision()
            && range.kvs().equals(replay.range(Call.ALL, replay.revision()));
    world.expect(same, () -> "server " + server.id() + " ends with " + outcome);
  }

  private int acknowledged() {
    int count = 0;
    for (Asked asked : clients.asked()) {
      count += asked.result instanceof Result.Put ? 1 : 0;
    }
    return count;
  }

  private SimReport report() {
    return new SimReport(
        seed,
        world.broken(),
        world.events(),
        world.now(),
        clients.asked().size(),
        acknowledged(),
        world.marks().faults(),
        world.marks().marks(),
        world.marks().deaths(),
        world.trace().hash());
  }
}
