package io.balsa.sim;

import io.balsa.node.Node;
import io.balsa.node.NodeStatus;
import io.balsa.raft.Role;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;

/**
 * What servers say of themselves: one leader in a term, a commit index and a term that never go
 * back in a life, and after applying an index the same hash everywhere.
 */
final class StatusWatch {
  /** An applied index's hash and who told it first. */
  private record Hash(long hash, long server) {}

  private final World world;
  private final LogWatch log;
  private final HashMap<Long, Node> lives = new HashMap<>();
  private final HashMap<Long, NodeStatus> last = new HashMap<>();
  private final HashMap<Long, Hash> hashes = new HashMap<>();

  StatusWatch(World world, LogWatch log) {
    this.world = world;
    this.log = log;
  }

  /** After every event of a server. */
  @SuppressWarnings("ReferenceEquality") // a status that is the same object has nothing new
  void look(SimServer server) {
    Node node = server.node();
    if (node == null) {
      return;
    }
    NodeStatus now = node.status();
    NodeStatus before = lives.put(server.id(), node) == node ? last.get(server.id()) : null;
    boolean same =
        before != null && now.raft() == before.raft() && now.applied() == before.applied();
    if (!same) {
      last.put(server.id(), now);
      hold(server.id(), before, now);
    }
  }

  private void hold(long id, @Nullable NodeStatus before, NodeStatus now) {
    if (now.raft().role() == Role.LEADER) {
      log.leads(id, now.raft().term());
      if (before == null || before.raft().role() != Role.LEADER) {
        world.marks().hit(Mark.LEADER_ELECTED);
        log.holdComplete(now.raft().term(), now.raft().last());
      }
    } else if (before != null && before.raft().role() == Role.LEADER) {
      world.marks().hit(Mark.LEADER_STEPPED_DOWN);
    }
    if (before != null && now.pausesSeen() > before.pausesSeen()) {
      world.marks().hit(Mark.PAUSE_SEEN);
    }
    Hash hash = hashes.putIfAbsent(now.applied(), new Hash(now.hash(), id));
    world.expect(
        hash == null || hash.hash == now.hash(),
        () -> "after entry " + now.applied() + " server " + id + " differs from " + hash);
    if (before != null) {
      world.expect(
          now.raft().term() >= before.raft().term()
              && now.raft().commitIndex() >= before.raft().commitIndex()
              && now.applied() >= before.applied(),
          () -> "server " + id + " goes back from " + before + " to " + now);
    }
  }
}
