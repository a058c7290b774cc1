package io.balsa.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The clients that hold leases, in half of all runs. They have their own random numbers, so that
 * the other clients behave the same without them.
 */
final class Leaseholders {
  /** The name that switches them off with {@code --without}. */
  static final String NAME = "LEASES";

  private static final long OWN = 0x1EA5E;
  private static final int CLIENTS_MAX = 3;

  /** The most of a clock jump that a leader may count; a longer jump counts as a pause. */
  private static final long COUNTED_JUMP_NANOS = 500_000_000;

  /** The fastest clock rate of {@link Fault#CLOCK_RATE}. */
  private static final double FASTEST = 1.1;

  private final World world;
  private final Scenario scenario;
  private final List<SimServer> servers;
  private final SimDice dice;
  private final LeaseCalls calls;
  private final List<LeaseClient> clients = new ArrayList<>();

  private final Faults faults;
  private boolean calm;

  Leaseholders(
      World world,
      Scenario scenario,
      List<SimServer> servers,
      Faults faults,
      SimOptions options,
      long seed) {
    this.faults = faults;
    this.world = world;
    this.scenario = scenario;
    this.servers = servers;
    this.dice = new SimDice(seed ^ OWN);
    this.calls = new LeaseCalls(world, servers, dice.split());
    int drawn = dice.chance(0.5) ? 1 + dice.below(CLIENTS_MAX) : 0;
    for (int i = 1; i <= drawn && !options.without().contains(NAME); i++) {
      clients.add(new LeaseClient(world, calls, i, this::moveLeader, dice.split()));
    }
  }

  void begin() {
    clients.forEach(LeaseClient::begin);
  }

  private void moveLeader() {
    SimServer leader = faults.leader();
    if (!calm && leader != null && scenario.faults().containsKey(Fault.MOVE_LEADER)) {
      faults.moveLeader(leader, 0);
    }
  }

  /** From now on, requests go to these servers only. */
  void ask(List<SimServer> core) {
    calm = true;
    calls.ask(core);
  }

  /** As {@link Clients#writeThenRead}. */
  void revokeThenRenew(SimServer revoker, List<SimServer> others) {
    clients.forEach(client -> client.revokeThenRenew(revoker, others));
  }

  /** No client sends requests any more. */
  void enough() {
    clients.forEach(LeaseClient::enough);
  }

  /** The number of calls without an answer. */
  int open() {
    return calls.open();
  }

  /** Runs the checks of {@link LeaseQuietPhase}. */
  void holdAtRest(LogWatch log, BooleanSupplier rest) {
    if (!clients.isEmpty()) {
      new LeaseQuietPhase(world, scenario, calls, log, rest, dice).hold();
    }
  }

  /** Checks every answer. */
  void judge(Replay replay) {
    if (!clients.isEmpty()) {
      new LeaseWitness(world, replay, this::counted).hold(calls.asked());
    }
  }

  /** The most nanoseconds that any clock may have counted between two moments. */
  private long counted(long from, long to) {
    boolean changes = scenario.faults().containsKey(Fault.CLOCK_RATE);
    double fastest = changes ? FASTEST : 1;
    long jumped = 0;
    for (SimServer server : servers) {
      fastest = Math.max(fastest, server.rate());
      jumped += server.clock().jumped(from, to, COUNTED_JUMP_NANOS);
    }
    return (long) Math.ceil((double) (to - from) * fastest) + jumped;
  }
}
