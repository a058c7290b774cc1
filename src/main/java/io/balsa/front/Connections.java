package io.balsa.front;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** The connections that are open at a port. */
final class Connections {
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();

  int size() {
    return open.size();
  }

  void add(Connection connection) {
    open.add(connection);
  }

  void remove(Connection connection) {
    open.remove(connection);
  }

  /**
   * Looks at all, and finds those that stand still and have most to send: so many as hold at least
   * {@code bytes} together with those that are being closed.
   *
   * @param nanos for how long they must have stood still
   */
  List<Connection> stillest(
      long nowNanos, long nanos, long bytes, Predicate<Connection> condition) {
    Largest<Connection> largest = new Largest<>();
    long leaving = 0;
    for (Connection each : open) {
      if (each.isClosed()) {
        leaving += each.toSend();
      } else if (each.standsStill(nowNanos, nanos) && condition.test(each)) {
        largest.add(each, each.toSend());
      }
    }
    return largest.upTo(bytes - leaving);
  }
}
