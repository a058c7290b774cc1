package io.balsa.sim;

import io.balsa.bytes.Bytes;
import io.balsa.model.Command;
import io.balsa.model.Result;
import io.balsa.node.Node;
import io.balsa.raft.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Checks leases when no fault is active and no client sends requests. All remaining leases end in
 * time, and a renewed lease lives. In some runs, the remaining time of a long lease is written to
 * the log, so that a new leader does not restart its whole time.
 */
final class LeaseQuietPhase {
  private static final long MILLISECOND = 1_000_000;
  private static final long SECOND = 1_000 * MILLISECOND;
  private static final long ANSWER_NANOS_MAX = 6 * SECOND;
  private static final long LOOK_EVERY_NANOS = 500 * MILLISECOND;
  private static final long REST_NANOS_MAX = 20 * SECOND;

  /** The most time that ending a lease may take without faults, a proof of leadership included. */
  private static final long END_NANOS_MAX = 3 * SECOND;

  private static final double SLOWEST = 0.9;
  private static final long TICK_NANOS = 10 * MILLISECOND;

  /** The first id of the leases of this class. */
  private static final long OWN = 900_000_000;

  /**
   * The seconds after which the remaining time of a lease without renewal is written to the log.
   */
  private static final int WRITTEN_AFTER = 60;

  private final World world;
  private final Scenario scenario;
  private final LeaseCalls calls;
  private final LogWatch log;
  private final BooleanSupplier rest;
  private final SimDice dice;
  private final LeaseLives lives = new LeaseLives();
  private int seen;
  private long lastId = OWN;

  LeaseQuietPhase(
      World world,
      Scenario scenario,
      LeaseCalls calls,
      LogWatch log,
      BooleanSupplier rest,
      SimDice dice) {
    this.world = world;
    this.scenario = scenario;
    this.calls = calls;
    this.log = log;
    this.rest = rest;
    this.dice = dice;
  }

  void hold() {
    holdEnded();
    holdKept();
    if (world.broken() == null && dice.chance(0.2)) {
      holdWritten();
    }
    comesToRest();
  }

  private void comesToRest() {
    world.runUntil(world.now() + REST_NANOS_MAX, rest);
    world.expect(
        rest.getAsBoolean(), () -> "all leases have ended, but the cluster is not at rest");
  }

  /** The lives of all leases granted so far. */
  private LeaseLives lives() {
    for (LogWatch.Committed committed : log.committed().subList(seen, log.committed().size())) {
      if (committed.entry().kind() == Entry.Kind.COMMAND
          && Witness.decode(committed.entry().payload()).command()
              instanceof Command.OfLease command) {
        var _ = lives.apply(command, committed);
      }
    }
    seen = log.committed().size();
    return lives;
  }

  private long longestLeft() {
    long longest = 0;
    for (LeaseLives.Life life : lives().all()) {
      longest = Math.max(longest, life.end == null ? life.ttl : 0);
    }
    return longest;
  }

  /** Checks that leases without renewal end in time, on every server. */
  private void holdEnded() {
    var _ = grant(1);
    long until = world.now() + mayLast(longestLeft());
    List<SimServer> left = new ArrayList<>(calls.servers());
    while (world.broken() == null && !left.isEmpty()) {
      LeaseCallRecord all = answer(new LeaseCall.All(), left.getFirst());
      if (all.result instanceof Result.Leases leases && leases.ids().isEmpty()) {
        left.removeFirst();
      } else {
        world.expect(world.now() < until, () -> "a lease should have ended: " + all);
        world.runUntil(world.now() + LOOK_EVERY_NANOS);
      }
    }
  }

  /** The longest life of a lease without renewal under one leader. */
  private long mayLast(long seconds) {
    long least = Math.ceilDiv(3 * electionNanos() / 2, SECOND);
    long counted = Math.max(least, seconds) * SECOND + electionNanos();
    return (long) ((double) counted / SLOWEST) + END_NANOS_MAX;
  }

  private long electionNanos() {
    return scenario.bounds().electionTicks() * TICK_NANOS;
  }

  /** Checks that a renewed lease lives, whichever server renews it. */
  private void holdKept() {
    LeaseCallRecord granted = grant(2);
    long lease = lastId;
    long whole = granted.promised() * SECOND;
    long until = world.now() + 3 * whole;
    while (world.broken() == null && world.now() < until) {
      world.runUntil(world.now() + whole / 4);
      LeaseCallRecord renewed = served(new LeaseCall.Renew(lease), asked -> asked.promised() > 0);
      world.expect(
          renewed.promised() > 0,
          () -> "all is at rest, but a lease cannot be renewed: " + renewed);
    }
    revoke(lease);
  }

  private void revoke(long lease) {
    var _ = served(new LeaseCall.Revoke(lease), asked -> asked.result != null);
  }

  /** Checks that a new leader knows the remaining time of a lease without renewal for a minute. */
  private void holdWritten() {
    int left = 2 + dice.below(13);
    var _ = grant(WRITTEN_AFTER + left);
    long lease = lastId;
    LeaseCall attach = new LeaseCall.Attach(Bytes.utf8("l0-0"), Bytes.utf8("l0-1"), lease);
    var _ = answer(attach, dice.pick(calls.servers()));
    long began = world.now();
    long patience = (long) ((double) WRITTEN_AFTER * (double) SECOND / SLOWEST) + END_NANOS_MAX;
    while (world.broken() == null && !isWritten(lease)) {
      world.expect(
          world.now() < began + patience,
          () -> "the remaining time of a lease is never written to the log");
      world.runUntil(world.now() + LOOK_EVERY_NANOS);
    }
    if (world.broken() == null && dice.chance(0.4)) {
      outlivesWhatIsWritten(lease, left);
    } else if (world.broken() == null) {
      endsAsWritten(lease, left);
    }
  }

  private boolean isWritten(long lease) {
    LeaseLives.Life life = lives().of(lease);
    return life != null && (life.written || life.end != null);
  }

  /** Checks that the lease ends after the written time, although the leader changes. */
  private void endsAsWritten(long lease, int left) {
    int changes = 1 + dice.below(3);
    for (int i = 0; i < changes; i++) {
      moveLeader();
      world.runUntil(world.now() + dice.below(2) * SECOND);
    }
    comesToRest();
    long until = world.now() + mayLast(left);
    while (world.broken() == null && !isOver(lease)) {
      world.expect(
          world.now() < until, () -> "a new leader gives too much time to " + lives().of(lease));
      world.runUntil(world.now() + LOOK_EVERY_NANOS);
    }
  }

  private boolean isOver(long lease) {
    LeaseLives.Life life = lives().of(lease);
    return life == null || life.end != null;
  }

  /** Checks that a renewal cancels the written time. */
  private void outlivesWhatIsWritten(long lease, int left) {
    LeaseCallRecord renewed = served(new LeaseCall.Renew(lease), asked -> asked.promised() > 0);
    moveLeader();
    comesToRest();
    world.runUntil(world.now() + mayLast(left));
    LeaseLives.Life life = lives().of(lease);
    world.expect(
        renewed.promised() == 0 || (life != null && life.end == null),
        () -> "a renewed lease ends at the time written before: " + life);
    revoke(lease);
  }

  private void moveLeader() {
    for (SimServer server : calls.servers()) {
      Node node = server.node();
      if (node != null && node.leader() == server.id()) {
        List<SimServer> others = new ArrayList<>(calls.servers());
        others.remove(server);
        long target = dice.pick(others).id();
        world.at(world.now(), server.host(), "move", () -> node.moveLeader(target, _ -> {}), null);
        world.runUntil(world.now() + ANSWER_NANOS_MAX, () -> node.leader() == target);
        return;
      }
    }
  }

  /** Grants lease {@link #lastId}; grants another one if a broken link lost the answer. */
  private LeaseCallRecord grant(long ttl) {
    LeaseCallRecord granted =
        answer(new LeaseCall.Grant(++lastId, ttl), dice.pick(calls.servers()));
    if (granted.promised() == 0) {
      granted = answer(new LeaseCall.Grant(++lastId, ttl), dice.pick(calls.servers()));
    }
    String asked = granted.toString();
    world.expect(
        granted.promised() > 0, () -> "all is at rest, but a lease cannot be granted: " + asked);
    return granted;
  }

  /** Sends a request; sends it again if a broken link lost the answer. */
  private LeaseCallRecord served(LeaseCall call, Predicate<LeaseCallRecord> well) {
    LeaseCallRecord first = answer(call, dice.pick(calls.servers()));
    return well.test(first) ? first : answer(call, dice.pick(calls.servers()));
  }

  private LeaseCallRecord answer(LeaseCall call, SimServer server) {
    LeaseCallRecord one = calls.ask(call, server, _ -> {});
    world.runUntil(world.now() + ANSWER_NANOS_MAX, () -> one.ending != CallRecord.Ending.OPEN);
    return one;
  }
}
