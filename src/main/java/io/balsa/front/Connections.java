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
   * Looks at all, and finds those that stand in the way and have most to send: so many as hold at
   * least {@code bytes} together with those that are being closed.
   *
   * @param inTheWay asked of each that is open
   */
  List<Connection> largest(long bytes, Predicate<Connection> inTheWay) {
    Largest<Connection> largest = new Largest<>();
    long leaving = 0;
    for (Connection each : open) {
      if (each.isClosed()) {
        leaving += each.toSend();
      } else if (inTheWay.test(each)) {
        largest.add(each, each.toSend());
      }
    }
    return largest.upTo(bytes - leaving);
  }
}
