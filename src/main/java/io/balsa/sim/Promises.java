package io.balsa.sim;

import io.balsa.raft.Configuration;
import io.balsa.raft.Recovered;
import io.balsa.wal.Identity;
import io.balsa.wal.Wal;
import io.balsa.wal.WalConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What servers promised others by votes and acknowledgements, held against what is durable: at
 * every death, and at some of the promises themselves. Also: one vote in a term.
 */
final class Promises {
  private static final double LOOKED_AT = 0.01;

  /** What one server has promised, of which the latest term counts. */
  private static final class Promise {
    long voteTerm;
    long votedFor;
    long matchTerm;
    long matchIndex;
  }

  private final World world;
  private final SimDice dice;
  private final Map<Long, Promise> promises = new TreeMap<>();
  private final HashMap<String, Long> votes = new HashMap<>();

  Promises(World world, SimDice dice) {
    this.world = world;
    this.dice = dice;
  }

  /** A server gives its vote, maybe to itself. */
  void votes(SimServer voter, long term, long candidate) {
    Long other = votes.putIfAbsent(voter.id() + "@" + term, candidate);
    world.expect(
        other == null || other == candidate,
        () ->
            "server "
                + voter.id()
                + " votes for "
                + other
                + " and "
                + candidate
                + " in term "
                + term);
    Promise promise = of(voter);
    if (term >= promise.voteTerm) {
      promise.voteTerm = term;
      promise.votedFor = candidate;
    }
    lookNowAndThen(voter);
  }

  /** A follower says that it has the log of a term's leader up to an index. */
  void acknowledges(SimServer follower, long term, long matchIndex) {
    Promise promise = of(follower);
    if (term > promise.matchTerm) {
      promise.matchTerm = term;
      promise.matchIndex = matchIndex;
    } else if (term == promise.matchTerm) {
      promise.matchIndex = Math.max(promise.matchIndex, matchIndex);
    }
    lookNowAndThen(follower);
  }

  private Promise of(SimServer server) {
    return promises.computeIfAbsent(server.id(), _ -> new Promise());
  }

  private void lookNowAndThen(SimServer server) {
    if (dice.chance(LOOKED_AT)) {
      look(server);
    }
  }

  /** Reads what is durable on a server's disk and holds it against its promises. */
  void look(SimServer server) {
    Promise promise = promises.get(server.id());
    if (promise != null) {
      hold(server.id(), promise, recover(server));
    }
  }

  /** A server died: what it has now is what it will begin with. */
  void died(SimServer server) {
    look(server);
    Promise promise = of(server);
    promise.matchTerm = 0;
    promise.matchIndex = 0;
  }

  private void hold(long id, Promise promise, Recovered durable) {
    String who = "server " + id + " ";
    world.expect(
        durable.term() >= promise.voteTerm,
        () -> who + "has voted in term " + promise.voteTerm + " and durable is " + durable.term());
    world.expect(
        durable.term() >= promise.matchTerm,
        () ->
            who + "has spoken in term " + promise.matchTerm + " and durable is " + durable.term());
    world.expect(
        durable.term() != promise.voteTerm || durable.votedFor() == promise.votedFor,
        () -> who + "has voted for " + promise.votedFor + " and durable is " + durable.votedFor());
    world.expect(
        durable.term() != promise.matchTerm || durable.last().index() >= promise.matchIndex,
        () -> who + "has acknowledged " + promise.matchIndex + " and durable is " + durable.last());
  }

  private Recovered recover(SimServer server) {
    Identity none = new Identity(server.config().clusterId(), server.id(), 1, 0);
    WalConfig config = new WalConfig(server.config().segmentBytes(), 1);
    try (Wal wal =
        Wal.open(
            server.disk().durableCopy(),
            "wal",
            config,
            none,
            Configuration.of(java.util.List.of(server.id())))) {
      return wal.recovered();
    } catch (java.io.IOException e) {
      world.breaks("the log of server " + server.id() + " cannot be read: " + Trace.of(e));
      return Recovered.empty(Configuration.of(java.util.List.of(server.id())));
    }
  }
}
