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
 * Checks the published state of a server after each of its events.
 *
 * <ol>
 *   <li>Raft's own invariants hold.
 *   <li>A term has one leader, elected by a majority.
 *   <li>Commit index, applied index and term never decrease while a process lives.
 *   <li>A leader commits only entries of its own term that are durable on a majority, and does not
 *       lower a match index.
 *   <li>A server applies only entries that its own disk has.
 *   <li>After the same entry, all servers have the same hash.
 * </ol>
 */
final class StatusWatch {
  /** The hash after an applied index, and the first server with it. */
  private record Hash(long hash, long server) {}

  /** The last published state of a server. */
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
   * Checks a server after one of its events.
   *
   * @param stepped whether the event may have stepped Raft
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
          () -> "leader " + now.self() + " lowers a match index from " + was + " to " + is);
      promises.holdCredited(now.self(), now.term(), is.id(), is.matchIndex());
    }
  }

  /** Checks thesis 3.6.2, and that the entries are durable on a majority of the disks. */
  private void holdCommitted(RaftStatus leader) {
    LogPosition newest = new LogPosition(leader.commitIndex(), leader.term());
    Long term = log.ownTerm(newest.index(), newest.term());
    world.expect(
        term != null && term == newest.term(),
        () ->
            "the leader of term "
                + leader.term()
                + " commits by counting an entry of term "
                + term);
    long holders =
        servers.values().stream()
            .filter(each -> isDamaged(each.id()) || each.durable().holds(newest))
            .count();
    world.expect(
        holders > servers.size() / 2,
        () -> newest + " is committed, but durable on only " + holders + " disks");
  }

  /** Checks that the entries that a server counts as durable are durable, and no others. */
  private void holdDurable(SimServer server, RaftStatus raft) {
    DurableLog durable = server.durable();
    boolean all = raft.durableIndex() == raft.last().index();
    world.expect(
        isDamaged(server.id())
            || (raft.durableIndex() <= durable.last() && (!all || durable.holds(raft.last()))),
        () -> "server " + server.id() + " counts entries as durable that are not: " + raft);
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
        () ->
            "server "
                + server.id()
                + " has applied entries that its disk does not have: "
                + status);
    world.expect(
        ofSnapshot || isDamaged(server.id()) || log.agrees(server.durable(), applied),
        () ->
            "server "
                + server.id()
                + " has a log that does not match its applied entries: "
                + status);
    holdDurable(server, raft);
    Hash hash = hashes.putIfAbsent(applied, new Hash(status.hash(), server.id()));
    world.expect(
        hash == null || hash.hash == status.hash(),
        () -> "after entry " + applied + " server " + server.id() + " differs from " + hash);
  }
}
