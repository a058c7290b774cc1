package io.balsa.sim;

import io.balsa.node.Node;
import io.balsa.node.NodeStatus;
import io.balsa.raft.LogPosition;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Servers of whose logs only entries are damaged come back when the others have good copies.
 *
 * @param all every server
 * @param core those that are well
 */
record Repairs(List<SimServer> all, List<SimServer> core) {
  /** Which one is not back though it could be, null for none; adds the states of those that are. */
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
        ? "server " + server.id() + " is not repaired, and there are good copies of " + damaged
        : null;
  }

  /** Whether one of those that are well has an entry. */
  private boolean isThere(LogPosition entry) {
    return core.stream()
        .anyMatch(server -> first(server) <= entry.index() && server.durable().holds(entry));
  }

  private static long first(SimServer server) {
    Node node = Objects.requireNonNull(server.node(), "who is well is up");
    return node.status().raft().first();
  }
}
