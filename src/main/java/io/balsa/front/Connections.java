package io.balsa.front;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The connections that are open at a port. */
final class Connections {
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();

  void add(Connection connection) {
    open.add(connection);
  }

  void remove(Connection connection) {
    open.remove(connection);
  }

  /**
   * Looks at all, and finds the one of those that stand still that has most to send.
   *
   * @param nanos for how long it must have stood still
   */
  @Nullable Connection stillest(long nowNanos, long nanos, Predicate<Connection> condition) {
    Connection most = null;
    for (Connection each : open) {
      boolean still = each.standsStill(nowNanos, nanos) && !each.isClosed();
      if (still && condition.test(each) && (most == null || each.toSend() > most.toSend())) {
        most = each;
      }
    }
    return most;
  }
}
