package io.balsa.sim;

import io.balsa.lanes.Outcome;
import io.balsa.node.Node;
import io.balsa.node.NodeStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Checks a healthy majority after the faults. Clients go on for some time, and then the cluster
 * must come to rest. The leader must stay, also when one follower alone loses it. Every server must
 * answer.
 */
final class QuietPhase {
  private static final long MILLISECOND = 1_000_000;
  private static final long TICK_NANOS = 10 * MILLISECOND;
  private static final long LOOK_EVERY_NANOS = 50 * MILLISECOND;
  private static final long STEADY_NANOS_MAX = 5_000 * MILLISECOND;
  private static final long REDIAL_NANOS_MAX = 6_000 * MILLISECOND;
  private static final long RETURN_NANOS_MAX = 20_000 * MILLISECOND;
  private static final long APART_NANOS_MAX = 2_000 * MILLISECOND;
  private static final int PENDING_MAX = 100;
  private static final long REQUESTS_NANOS = 2_000 * MILLISECOND;
  private static final long PROBE_NANOS_MAX = 6_000 * MILLISECOND;
  private static final int PROBES = 5;
  private static final long LAG_MAX = 50;

  /** The links between two servers: each dials two to the other. */
  private static final int LINKS = 4;

  private final World world;
  private final Scenario scenario;
  private final List<SimServer> core;
  private final int servers;
  private final Repairs repairs;
  private final Clients clients;
  private final Leaseholders leases;
  private final Users users;
  private final LogWatch log;
  private final SimNetwork network;
  private final SimDice dice;
  private long ledFrom;
  private long ledInTerm;

  QuietPhase(
      World world,
      Scenario scenario,
      List<SimServer> all,
      List<SimServer> core,
      Clients clients,
      Leaseholders leases,
      Users users,
      LogWatch log,
      SimNetwork network,
      SimDice dice) {
    this.world = world;
    this.scenario = scenario;
    this.core = core;
    servers = all.size();
    repairs = new Repairs(all, core);
    this.clients = clients;
    this.leases = leases;
    this.users = users;
    this.log = log;
    this.network = network;
    this.dice = dice;
  }

  /**
   * Runs all checks, one after the other.
   *
   * @param patience the most nanoseconds until the cluster is at rest
   */
  void hold(long patience) {
    boolean calm = becomesCalm(world.now() + patience);
    if (world.broken() == null) {
      world.expect(calm, () -> "the faults have ended, but " + unrest());
    }
    clients.isNotWell();
    if (world.broken() == null) {
      leases.holdAtRest(log, () -> unrest() == null);
    }
    NodeStatus before = world.broken() == null ? statusOf(core.getFirst()) : null;
    if (before != null) {
      holdSteady(before);
    }
    if (before != null && world.broken() == null) {
      holdApart(before, servers / 2 + 1);
    }
    if (before != null && world.broken() == null && dice.chance(0.5)) {
      holdStranded(before.leader());
    }
    if (before != null && world.broken() == null) {
      holdGivenUp(statusOf(core.getFirst()).leader());
    }
    if (world.broken() == null) {
      holdServed();
    }
  }

  /** Clients go on for some time, then the cluster must come to rest. */
  private boolean becomesCalm(long deadline) {
    int before = clients.acknowledged();
    long requestsEnd = world.now() + REQUESTS_NANOS;
    while (world.broken() == null && world.now() < deadline) {
      world.runUntil(world.now() + LOOK_EVERY_NANOS);
      noteWell();
      boolean served = world.now() >= requestsEnd && clients.acknowledged() > before;
      if (served) {
        clients.enough();
        leases.enough();
        users.enough();
      }
      int open = clients.open() + leases.open() + users.open();
      if (served && open == 0 && unrest() == null) {
        return true;
      }
    }
    return false;
  }

  /** Checks whether all know one leader, the same as before, and are nearly up to date. */
  private void noteWell() {
    NodeStatus first = statusIfUp(core.getFirst());
    boolean same = first != null && isOfCore(first.leader());
    for (SimServer server : core) {
      NodeStatus status = statusIfUp(server);
      same =
          same
              && first != null
              && status != null
              && status.term() == first.term()
              && status.leader() == first.leader()
              && status.applied() + LAG_MAX >= log.committed().size();
    }
    if (!same || first == null || !areLinked()) {
      ledInTerm = 0;
      clients.isNotWell();
    } else {
      ledFrom = first.term() == ledInTerm ? ledFrom : world.now();
      ledInTerm = first.term();
      clients.allIsWell(ledFrom);
    }
  }

  /** A leader outside of it leads by grace of what is still broken there. */
  private boolean isOfCore(long leader) {
    return core.stream().anyMatch(server -> server.id() == leader);
  }

  /** Whether all links between healthy servers are open. */
  private boolean areLinked() {
    for (SimServer one : core) {
      for (SimServer other : core) {
        if (one != other && network.openLinks(one.id(), other.id()) < LINKS) {
          return false;
        }
      }
    }
    return true;
  }

  private static @Nullable NodeStatus statusIfUp(SimServer server) {
    Node node = server.node();
    return node == null || server.stops() ? null : node.status();
  }

  /** Why the cluster is not at rest; null when it is. */
  private @Nullable String unrest() {
    List<NodeStatus> states = new ArrayList<>();
    for (SimServer server : core) {
      NodeStatus status = statusIfUp(server);
      if (status == null) {
        return "server " + server.id() + " is down";
      }
      states.add(status);
    }
    String missing = repairs.missing(states);
    if (missing != null) {
      return missing;
    }
    if (clients.open() > 0) {
      return clients.open() + " requests wait, such as " + firstOpen() + "; " + states;
    }
    boolean served = clients.asked().stream().anyMatch(each -> each.result != null);
    return agree(states)
        ? (served ? null : "no request was ever served: " + states)
        : "they do not agree on " + log.committed().size() + " entries: " + states;
  }

  private boolean agree(List<NodeStatus> states) {
    NodeStatus first = states.getFirst();
    return states.stream()
        .allMatch(
            state ->
                state.applied() == log.committed().size()
                    && state.hash() == first.hash()
                    && state.leader() == first.leader()
                    && state.leader() != 0);
  }

  private @Nullable CallRecord firstOpen() {
    for (CallRecord asked : clients.asked()) {
      if (asked.ending == CallRecord.Ending.OPEN) {
        return asked;
      }
    }
    return null;
  }

  private long timeoutNanos() {
    return scenario.bounds().electionTicks() * TICK_NANOS;
  }

  /** Checks that the leader of a healthy majority stays, and that events do not pile up. */
  private void holdSteady(NodeStatus before) {
    world.runUntil(world.now() + Math.min(10 * timeoutNanos(), STEADY_NANOS_MAX));
    holdSame(before, "no fault is active");
    world.expect(
        world.pending() <= PENDING_MAX * servers,
        () -> world.pending() + " events are pending although all is at rest");
  }

  private void holdSame(NodeStatus before, String when) {
    for (SimServer server : core) {
      NodeStatus now = statusOf(server);
      world.expect(
          now.term() == before.term() && now.leader() == before.leader(),
          () -> when + ", but the leader changes from " + before + " to " + now);
    }
  }

  /**
   * Checks that a follower that alone loses the leader does not depose it, nor after its return.
   */
  private void holdApart(NodeStatus before, int majority) {
    List<SimServer> followers = new ArrayList<>(core);
    followers.removeIf(server -> server.id() == before.leader());
    if (core.size() <= majority || followers.size() == core.size()) {
      return;
    }
    world.marks().hit(Mark.FOLLOWER_APART);
    long apart = dice.pick(followers).id();
    NetworkPath to = network.way(before.leader(), apart);
    NetworkPath from = network.way(apart, before.leader());
    int how = dice.below(3);
    List<NetworkPath> cut = how == 0 ? List.of(to, from) : List.of(how == 1 ? to : from);
    cut.forEach(NetworkPath::cut);
    if (dice.chance(0.5)) {
      network.reset(before.leader(), apart);
      network.reset(apart, before.leader());
    }
    world.runUntil(world.now() + Math.min(4 * timeoutNanos(), APART_NANOS_MAX));
    cut.forEach(NetworkPath::mend);
    world.runUntil(world.now() + Math.min(4 * timeoutNanos(), APART_NANOS_MAX));
    long deadline = world.now() + REDIAL_NANOS_MAX;
    world.runUntil(deadline, () -> unrest() == null && areLinked());
    holdSame(before, "server " + apart + " did not hear the leader for a while");
  }

  /**
   * Cuts off a follower when it gets TimeoutNow, so that it is in a later term than the leader,
   * which still leads. After its return, all must agree again.
   */
  private void holdStranded(long leader) {
    List<SimServer> followers = new ArrayList<>(core);
    followers.removeIf(server -> server.id() == leader);
    SimServer leading = core.stream().filter(each -> each.id() == leader).findFirst().orElse(null);
    Node node = leading == null ? null : leading.node();
    if (leading == null || node == null || followers.size() < servers / 2 + 1) {
      return;
    }
    network.frames().await("RequestVote", true);
    long target = dice.pick(followers).id();
    world.at(world.now(), leading.host(), "move", () -> node.moveLeader(target, _ -> {}), null);
    world.runUntil(world.now() + REDIAL_NANOS_MAX, () -> network.frames().sender() != 0);
    network.frames().awaitNothing();
    if (network.frames().sender() == 0) {
      return;
    }
    world.marks().hit(Mark.CANDIDATE_STRANDED);
    world.runUntil(world.now() + 3 * timeoutNanos());
    network.rejoin(network.frames().sender());
    world.runUntil(world.now() + RETURN_NANOS_MAX, () -> unrest() == null && areLinked());
    world.expect(
        unrest() == null,
        () -> "server " + target + " was cut off as a candidate and is back, but " + unrest());
  }

  /**
   * Checks a leadership transfer whose target never gets TimeoutNow: the leader gives up within an
   * election timeout, reports that, and takes writes again (thesis 3.10).
   */
  private void holdGivenUp(long leader) {
    List<SimServer> followers = new ArrayList<>(core);
    followers.removeIf(server -> server.id() == leader);
    SimServer leading = core.stream().filter(each -> each.id() == leader).findFirst().orElse(null);
    Node node = leading == null ? null : leading.node();
    if (leading == null || node == null || followers.isEmpty()) {
      return;
    }
    world.marks().hit(Mark.TRANSFER_GIVEN_UP);
    network.frames().hold("TimeoutNow");
    List<Outcome> told = new ArrayList<>();
    long target = dice.pick(followers).id();
    world.at(world.now(), leading.host(), "move", () -> node.moveLeader(target, told::add), null);
    world.runUntil(world.now() + 2 * timeoutNanos());
    network.frames().lose();
    world.expect(
        !told.isEmpty() && isServed(leading, false),
        () ->
            "leader "
                + leader
                + " failed to transfer its leadership: "
                + told
                + ", and "
                + lastAsked());
  }

  /**
   * Checks that every server serves requests, several times. A link that broke unnoticed may lose
   * one answer, but not two.
   */
  private void holdServed() {
    for (int i = 0; i < PROBES * core.size() && world.broken() == null; i++) {
      SimServer server = core.get(i % core.size());
      boolean reads = i >= (PROBES - 1) * core.size();
      boolean served = isServed(server, reads);
      world.expect(
          served || isServed(server, reads),
          () -> "all is at rest, but server " + server.id() + " does not serve " + lastAsked());
    }
    world.runUntil(world.now() + 4 * LOOK_EVERY_NANOS + timeoutNanos());
    world.expect(unrest() == null, () -> "all was at rest, but now " + unrest());
  }

  private boolean isServed(SimServer server, boolean reads) {
    CallRecord probe = clients.probe(server, reads);
    world.runUntil(world.now() + PROBE_NANOS_MAX, () -> probe.ending != CallRecord.Ending.OPEN);
    return probe.ending == CallRecord.Ending.ANSWERED;
  }

  private CallRecord lastAsked() {
    return clients.asked().getLast();
  }

  private static NodeStatus statusOf(SimServer server) {
    return Objects.requireNonNull(server.node(), "a server at rest is up").status();
  }
}
