package io.balsa.sim;

import io.balsa.bytes.Check;
import io.balsa.node.Node;
import io.balsa.node.NodeStatus;
import io.balsa.raft.LogPosition;
import io.balsa.raft.RaftStatus;
import io.balsa.raft.Role;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What servers say of themselves, after every step of theirs: Raft's own invariants; one leader in
 * a term, elected by a majority; a commit index and a term that never go back in a life; what a
 * leader commits is of its own term and durable on a majority, and what it knows to match stays so;
 * nothing applied that the own disk does not have; and after applying an index the same hash
 * everywhere.
 */
final class StatusWatch {
  /** An applied index's hash and who told it first. */
  private record Hash(long hash, long server) {}

  /** What a server showed last. */
  private record Seen(Node life, RaftStatus raft, long applied) {}

  private final World world;
  private final LogWatch log;
  private final Promises promises;
  private final LeaderWatch leaders;
  private final Map<Long, SimServer> servers;
  private final HashMap<Long, Seen> last = new HashMap<>();
  private final HashMap<Long, Long> pauses = new HashMap<>();
  private final HashMap<Long, Hash> hashes = new HashMap<>();

  StatusWatch(
      World world,
      LogWatch log,
      Promises promises,
      LeaderWatch leaders,
      Map<Long, SimServer> servers) {
    this.world = world;
    this.log = log;
    this.promises = promises;
    this.leaders = leaders;
    this.servers = servers;
  }

  /**
   * After every event of a server.
   *
   * @param stepped whether its Raft may have moved
   */
  void look(SimServer server, boolean stepped) {
    Node node = server.node();
    if (node == null) {
      return;
    }
    Seen seen = last.get(server.id());
    Seen before = seen == null || seen.life != node ? null : seen;
    NodeStatus status = node.status();
    RaftStatus raft = stepped || before == null ? inspect(node) : before.raft;
    if (raft == null || (!stepped && before != null && before.applied == status.applied())) {
      return;
    }
    last.put(server.id(), new Seen(node, raft, status.applied()));
    hold(server, before, raft, status);
    leaders.look(server, raft, status.raft());
  }

  private @Nullable RaftStatus inspect(Node node) {
    try {
      return node.inspect();
    } catch (Check.BrokenInvariant e) {
      world.breaks(Trace.of(e));
      return null;
    }
  }

  private void hold(SimServer server, @Nullable Seen before, RaftStatus raft, NodeStatus status) {
    long id = server.id();
    RaftStatus led = before != null && before.raft.role() == Role.LEADER ? before.raft : null;
    if (raft.role() == Role.LEADER && led != null && led.term() == raft.term()) {
      holdLeader(led, raft);
    } else if (raft.role() == Role.LEADER) {
      elected(id, raft);
    } else if (led != null) {
      world.marks().hit(Mark.LEADER_STEPPED_DOWN);
    }
    notePauses(id, status.pausesSeen());
    holdApplied(server, raft, status);
    promises.holdKept(server);
    if (before != null) {
      world.expect(
          raft.term() >= before.raft.term()
              && raft.commitIndex() >= before.raft.commitIndex()
              && status.applied() >= before.applied,
          () -> "server " + id + " goes back from " + before + " to " + status);
    }
  }

  private void notePauses(long id, long seen) {
    Long before = pauses.put(id, seen);
    if (before != null && seen > before) {
      world.marks().hit(Mark.PAUSE_SEEN);
    }
  }

  private void elected(long id, RaftStatus raft) {
    world.marks().hit(Mark.LEADER_ELECTED);
    log.leads(id, raft.term());
    log.holdComplete(raft.term(), raft.last());
    promises.holdElected(id, raft.term(), servers.size());
  }

  private void holdLeader(RaftStatus before, RaftStatus now) {
    if (now.commitIndex() > before.commitIndex() && servers.size() > 1) {
      holdCommitted(now);
    }
    for (int i = 0; i < now.followers().size() && i < before.followers().size(); i++) {
      RaftStatus.Follower was = before.followers().get(i);
      RaftStatus.Follower is = now.followers().get(i);
      world.expect(
          is.matchIndex() >= was.matchIndex() || isDamaged(is.id()),
          () -> "leader " + now.self() + " takes back what matches, from " + was + " to " + is);
      promises.holdCredited(now.self(), now.term(), is.id(), is.matchIndex());
    }
  }

  /**
   * Thesis 3.6.2; and no earlier than a majority has it durably, the leader's own disk included.
   */
  private void holdCommitted(RaftStatus leader) {
    LogPosition newest = new LogPosition(leader.commitIndex(), leader.term());
    Long term = log.ownTerm(newest.index(), newest.term());
    world.expect(
        term != null && term == newest.term(),
        () -> "the leader of term " + leader.term() + " commits by counting, of term " + term);
    long holders =
        servers.values().stream()
            .filter(each -> isDamaged(each.id()) || each.durable().holds(newest))
            .count();
    world.expect(
        holders > servers.size() / 2,
        () -> newest + " is committed, and durable on " + holders + " disks");
  }

  /** The entries that a server takes for durable are, and not others at their indexes. */
  private void holdDurable(SimServer server, RaftStatus raft) {
    DurableLog durable = server.durable();
    boolean all = raft.durableIndex() == raft.last().index();
    world.expect(
        isDamaged(server.id())
            || (raft.durableIndex() <= durable.last() && (!all || durable.holds(raft.last()))),
        () -> "server " + server.id() + " takes for durable what is not: " + raft);
  }

  private boolean isDamaged(long id) {
    SimServer server = servers.get(id);
    return server == null || server.isWiped() || server.disk().faults().isDamaged();
  }

  private void holdApplied(SimServer server, RaftStatus raft, NodeStatus status) {
    long applied = status.applied();
    boolean ofSnapshot = raft.commitIndex() < applied || raft.first() > applied;
    world.expect(
        ofSnapshot || applied <= server.durable().last() || isDamaged(server.id()),
        () -> "server " + server.id() + " has applied what its disk does not have: " + status);
    world.expect(
        ofSnapshot || isDamaged(server.id()) || log.agrees(server.durable(), applied),
        () -> "server " + server.id() + " goes on with a log that it has not applied: " + status);
    holdDurable(server, raft);
    Hash hash = hashes.putIfAbsent(applied, new Hash(status.hash(), server.id()));
    world.expect(
        hash == null || hash.hash == status.hash(),
        () -> "after entry " + applied + " server " + server.id() + " differs from " + hash);
  }
}
