package io.balsa.sim;

import io.balsa.raft.Configuration;
import io.balsa.raft.LogPosition;
import io.balsa.raft.Recovered;
import io.balsa.wal.Identity;
import io.balsa.wal.Wal;
import io.balsa.wal.WalConfig;
import io.balsa.wal.WalDamaged;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Checks the promises of servers, which are votes and acknowledgements. They must be durable when
 * they are sent, and again whenever a process dies. A server gives one vote in a term.
 */
final class Promises implements SimServer.Watcher {
  /** The promises of one server in its latest term. */
  private static final class Promise {
    long voteTerm;
    long votedFor;
    long matchTerm;
    long matchIndex;
  }

  /** A candidate of a term. */
  private record Candidacy(long candidate, long term) {}

  /** A server that acknowledges in a term. */
  private record Voice(long server, long term) {}

  private final World world;
  private final Map<Long, Promise> promises = new TreeMap<>();
  private final HashMap<Long, TreeMap<Long, Long>> votes = new HashMap<>();
  private final HashMap<Candidacy, LogPosition> logs = new HashMap<>();
  private final HashMap<Voice, Long> acknowledged = new HashMap<>();
  private final LogWatch log;

  Promises(World world, LogWatch log) {
    this.world = world;
    this.log = log;
  }

  /** A server campaigns in a term, with the end of its log. */
  void stands(long candidate, long term, LogPosition last) {
    logs.put(new Candidacy(candidate, term), last);
  }

  /** Checks that the leader of a term has the votes of a majority. */
  void holdElected(long leader, long term, int servers) {
    TreeMap<Long, Long> given = votes.getOrDefault(term, new TreeMap<>());
    long own = given.values().stream().filter(candidate -> candidate == leader).count();
    world.expect(
        own > servers / 2 || servers == 1,
        () -> "server " + leader + " leads term " + term + " though the votes are " + given);
  }

  /** A server votes, perhaps for itself. */
  void votes(SimServer voter, long term, long candidate) {
    Long other =
        votes.computeIfAbsent(term, _ -> new TreeMap<>()).putIfAbsent(voter.id(), candidate);
    if (other != null && other == candidate && voter.id() != candidate) {
      world.marks().hit(Mark.VOTE_GRANTED_AGAIN);
    }
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
    DurableLog durable = voter.durable();
    world.expect(
        durable.term() > term || (durable.term() == term && durable.votedFor() == candidate),
        () ->
            "server "
                + voter.id()
                + " votes for "
                + candidate
                + " in term "
                + term
                + " and durable is a vote for "
                + durable.votedFor()
                + " in term "
                + durable.term());
    if (other == null && voter.id() != candidate) {
      holdUpToDate(voter, term, candidate);
    }
    Promise promise = of(voter);
    if (term >= promise.voteTerm) {
      promise.voteTerm = term;
      promise.votedFor = candidate;
    }
  }

  /**
   * Checks that the candidate's log is at least as up to date (thesis 3.6.1) as the voter's durable
   * log. Entries that the voter may have got from a leader of that term or a later one do not
   * count.
   */
  private void holdUpToDate(SimServer voter, long term, long candidate) {
    LogPosition its = logs.get(new Candidacy(candidate, term));
    LogPosition own = voter.durable().lastBefore(term);
    boolean better = its != null && own.term() < term && !its.isAtLeastAsUpToDateAs(own);
    boolean another =
        voter.durable().term() != term
            || (log.leaderOf(term) != 0 && log.leaderOf(term) != candidate);
    world.expect(
        !better || another,
        () ->
            "server "
                + voter.id()
                + " with "
                + own
                + " votes in term "
                + term
                + " for server "
                + candidate
                + " with "
                + its);
  }

  /** Checks that the acknowledged entry is the leader's, and not another one at that index. */
  private void holdMatch(SimServer follower, long term, long matchIndex) {
    DurableLog durable = follower.durable();
    Long told = log.ownTerm(matchIndex, term);
    boolean known = durable.term() == term && matchIndex > durable.start();
    world.expect(
        !known || told == null || durable.termAt(matchIndex) == told,
        () ->
            "server "
                + follower.id()
                + " acknowledges "
                + matchIndex
                + " of term "
                + told
                + " in term "
                + term
                + " and has it of term "
                + durable.termAt(matchIndex));
  }

  /** A follower acknowledges the log of a term's leader up to an index. */
  void acknowledges(SimServer follower, long term, long matchIndex) {
    DurableLog durable = follower.durable();
    world.expect(
        durable.term() > term || (durable.term() == term && durable.last() >= matchIndex),
        () ->
            "server "
                + follower.id()
                + " acknowledges "
                + matchIndex
                + " in term "
                + term
                + " and durable is "
                + durable.last()
                + " in term "
                + durable.term());
    if (durable.last() >= matchIndex) {
      holdMatch(follower, term, matchIndex);
    }
    acknowledged.merge(new Voice(follower.id(), term), matchIndex, Math::max);
    Promise promise = of(follower);
    if (term > promise.matchTerm) {
      promise.matchTerm = term;
      promise.matchIndex = matchIndex;
    } else if (term == promise.matchTerm) {
      promise.matchIndex = Math.max(promise.matchIndex, matchIndex);
    }
  }

  /**
   * Checks that a leader's {@code matchIndex} of a follower was acknowledged by that follower in
   * that term (thesis 3.5, figure 3.1).
   */
  void holdCredited(long leader, long term, long follower, long matchIndex) {
    long said = acknowledged.getOrDefault(new Voice(follower, term), 0L);
    world.expect(
        matchIndex <= said,
        () ->
            "leader "
                + leader
                + " of term "
                + term
                + " credits server "
                + follower
                + " with "
                + matchIndex
                + ", which has acknowledged "
                + said
                + " in it");
  }

  /** Checks that entries acknowledged in a term stay durable while the term lasts. */
  void holdKept(SimServer server) {
    Promise promise = of(server);
    DurableLog durable = server.durable();
    world.expect(
        durable.term() != promise.matchTerm || durable.last() >= promise.matchIndex,
        () ->
            "server "
                + server.id()
                + " has acknowledged "
                + promise.matchIndex
                + " in term "
                + promise.matchTerm
                + " and durable is no more than "
                + durable.last());
  }

  private Promise of(SimServer server) {
    return promises.computeIfAbsent(server.id(), _ -> new Promise());
  }

  /** A server died: it will begin with the state that is durable now. */
  @Override
  public void died(SimServer server) {
    begins(server, recover(server));
  }

  /** Checks that damage has not cost a promise. */
  @Override
  public void repaired(SimServer server) {
    begins(server, recover(server));
  }

  private void begins(SimServer server, @Nullable Recovered durable) {
    Promise promise = of(server);
    if (durable == null) {
      return;
    }
    if (!server.isWiped()) {
      hold(server.id(), promise, durable);
    }
    server.durable().begin(durable);
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
            who
                + "has acknowledged in term "
                + promise.matchTerm
                + " and durable is "
                + durable.term());
    world.expect(
        durable.term() != promise.voteTerm || durable.votedFor() == promise.votedFor,
        () -> who + "has voted for " + promise.votedFor + " and durable is " + durable.votedFor());
    world.expect(
        durable.term() != promise.matchTerm || durable.last().index() >= promise.matchIndex,
        () -> who + "has acknowledged " + promise.matchIndex + " and durable is " + durable.last());
  }

  /** The state that a server would begin with; null when it rightly refuses to start. */
  @Nullable Recovered recover(SimServer server) {
    Identity none = new Identity(server.config().clusterId(), server.id(), 1, 0);
    WalConfig config = new WalConfig(server.config().segmentBytes(), 1);
    Configuration alone = Configuration.of(List.of(server.id()));
    try (Wal wal = Wal.open(server.disk().durableCopy(), "wal", config, none, alone)) {
      return wal.recovered();
    } catch (WalDamaged e) {
      world.expect(server.disk().faults().isDamaged(), () -> Trace.of(e));
      return null;
    } catch (IOException e) {
      world.breaks("the log of server " + server.id() + " cannot be read: " + Trace.of(e));
      return null;
    }
  }
}
