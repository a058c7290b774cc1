package io.balsa.budget;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** The connections that are open at a port. */
public final class Connections {
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();

  public int size() {
    return open.size();
  }

  public void add(Connection connection) {
    open.add(connection);
  }

  public void remove(Connection connection) {
    open.remove(connection);
  }

  /**
   * Looks at all, and finds those that stand in the way and have most to send: so many as hold at
   * least {@code bytes} together with those that are being closed.
   *
   * @param inTheWay asked of each that is open
   */
  List<Connection> largest(long bytes, Predicate<Connection> inTheWay) {
    LargestHolders<Connection> largest = new LargestHolders<>();
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
