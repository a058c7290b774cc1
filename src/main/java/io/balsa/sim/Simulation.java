package io.balsa.sim;

import io.balsa.check.LinearizabilityChecker;
import io.balsa.check.Model;
import io.balsa.check.Verdict;
import io.balsa.lanes.Outcome;
import io.balsa.model.Result;
import io.balsa.node.Node;
import io.balsa.raft.Recovered;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One run of a seed. First, faults happen while clients send requests. Then a majority heals, and
 * the cluster must recover: one leader, every request answered, the same state everywhere. At last,
 * every answer is checked.
 */
public final class Simulation {
  private static final long MILLISECOND = 1_000_000;
  private static final int PASTS = 5;
  private static final int WATCHES = 2;
  private static final long WATCH_NANOS_MAX = 5_000 * MILLISECOND;
  private static final long LOOK_EVERY_NANOS = 50 * MILLISECOND;

  private final long seed;
  private final SimOptions options;
  private final World world;
  private final Map<Long, SimServer> servers = new TreeMap<>();
  private final LogWatch log;
  private final Promises promises;
  private final Scenario scenario;
  private final Faults faults;
  private final Clients clients;
  private final Leaseholders leases;
  private final Users users;
  private final SimNetwork network;
  private final FaultTrigger moment;
  private final SimDice calmDice;
  private final List<WatchClient> watches = new ArrayList<>();
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
    StatusWatches afterEvents = new StatusWatches();
    world = new World(new Trace(options.trace()), afterEvents);
    log = new LogWatch(world);
    promises = new Promises(world, log);
    LeaderWatch leaders = new LeaderWatch(world, servers);
    afterEvents.watch = new StatusWatch(world, log, promises, leaders, servers);
    Wiretap wiretap = new Wiretap(world, log, promises, leaders, servers);
    network = new SimNetwork(world, dice.split(), wiretap);
    for (long id : scenario.ids()) {
      servers.put(id, new SimServer(world, network, scenario, id, dice.split(), promises));
    }
    List<SimServer> all = all();
    faults = new Faults(world, scenario, network, all, options.without(), dice.split());
    clients = new Clients(world, scenario, all, options.operations(), dice.split());
    leases = new Leaseholders(world, scenario, all, faults, options, seed);
    users = new Users(world, all, options, seed);
    faults.whenStranded(this::stranded);
    moment = new FaultTrigger(world, network, faults, all, dice.split());
    calmDice = dice.split();
    for (int i = 0; i < WATCHES; i++) {
      watches.add(new WatchClient(world, all, scenario.keys(), dice.split()));
    }
  }

  /**
   * The world needs this callback before the {@link StatusWatch}, which needs the world, exists.
   */
  private final class StatusWatches implements World.AfterEvent {
    private @Nullable StatusWatch watch;

    @Override
    public void happened(SimHost host, @Nullable SimLane lane) {
      SimServer server = servers.get(host.id());
      if (watch != null && server != null) {
        watch.look(server, lane != null && lane.isRaft());
      }
    }
  }

  private void stranded(SimServer heir, List<SimServer> stranded) {
    clients.writeThenRead(heir, stranded);
    leases.revokeThenRenew(heir, stranded);
  }

  private List<SimServer> all() {
    return List.copyOf(servers.values());
  }

  private SimReport run() {
    world.trace().line(0, 0, "scenario", scenario);
    servers.values().forEach(SimServer::start);
    faults.begin(options.faults().toNanos());
    clients.begin();
    watches.forEach(WatchClient::begin);
    leases.begin();
    users.begin();
    world.runUntil(options.faults().toNanos());
    core = faults.settle(network, moment.await());
    clients.ask(core);
    watches.forEach(watch -> watch.ask(core));
    leases.ask(core);
    users.ask(core);
    QuietPhase calm =
        new QuietPhase(
            world, scenario, all(), core, clients, leases, users, log, network, calmDice);
    calm.hold(options.calm().toNanos());
    if (world.broken() == null) {
      judge();
    }
    return report();
  }

  private void judge() {
    Witness witness = new Witness(world);
    witness.hold(log.committed(), clients.asked());
    world.runUntil(
        world.now() + WATCH_NANOS_MAX,
        () -> watches.stream().allMatch(watch -> watch.missing(witness.replay()).isEmpty()));
    watches.forEach(watch -> watch.hold(witness.replay()));
    leases.judge(witness.replay());
    users.judge(witness.users(), core);
    holdDurable();
    for (SimServer server : core) {
      Node node = server.node();
      if (node != null) {
        node.readOwn(Call.range(Call.ALL), false, outcome -> holdState(server, outcome, witness));
        holdPast(server, node, witness.replay());
      }
    }
    world.runUntil(world.now() + LOOK_EVERY_NANOS);
    Verdict verdict =
        new LinearizabilityChecker(Model.kv())
            .check(Histories.of(clients.asked(), scenario.keys()));
    world.expect(verdict.isOk(), () -> verdict.toString());
  }

  /** Checks that every committed entry is durable on a majority of disks, and can be recovered. */
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

  /** Checks all revisions that are not compacted. */
  private void holdPast(SimServer server, Node node, Replay replay) {
    long compacted = Math.max(0, node.status().compactRevision());
    world.expect(
        compacted == replay.compacted(),
        () -> "server " + server.id() + " is compacted up to " + compacted);
    long step = Math.max(1, (replay.revision() - compacted) / PASTS);
    for (long at = Math.max(1, compacted); at <= replay.revision(); at += step) {
      long revision = at;
      node.readOwn(
          Call.range(Call.ALL, revision),
          false,
          outcome ->
              world.expect(
                  outcome instanceof Outcome.Answered(Result result, _)
                      && result instanceof Result.Range range
                      && range.kvs().equals(replay.range(Call.ALL, revision)),
                  () -> "server " + server.id() + " says of revision " + revision + outcome));
    }
  }

  private SimReport report() {
    return new SimReport(
        seed,
        world.broken(),
        world.events(),
        world.now(),
        clients.asked().size(),
        clients.acknowledged(),
        world.marks().faults(),
        world.marks().marks(),
        world.marks().deaths(),
        world.marks().plan(),
        world.trace().hash());
  }
}
