package io.balsa.sim;

import io.balsa.node.Node;
import io.balsa.node.NodeStatus;
import io.balsa.raft.LogPosition;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Checks that servers with damaged entries come back if healthy servers have good copies, and
 * nothing else is damaged.
 *
 * @param all every server
 * @param core the healthy servers
 */
record Repairs(List<SimServer> all, List<SimServer> core) {
  /** A server that should be back but is not, null for none; adds the status of those that are. */
  @Nullable String missing(List<NodeStatus> states) {
    for (SimServer server : all) {
      String trouble = trouble(server, states);
      if (trouble != null) {
        return trouble;
      }
    }
    return null;
  }

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
        ? "server " + server.id() + " is not repaired although there are good copies of " + damaged
        : null;
  }

  /** Whether a healthy server has an entry. */
  private boolean isThere(LogPosition entry) {
    return core.stream()
        .anyMatch(server -> first(server) <= entry.index() && server.durable().holds(entry));
  }

  private static long first(SimServer server) {
    Node node = Objects.requireNonNull(server.node(), "a healthy server is up");
    return node.status().raft().first();
  }
}
