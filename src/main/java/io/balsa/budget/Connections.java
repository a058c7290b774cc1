package io.balsa.budget;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** The open connections of a port. */
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
   * Finds the connections with the most bytes to send, among those for which the condition holds.
   * Together with the connections that are being closed, they hold at least {@code bytes}.
   *
   * @param inTheWay the condition; it is tested for each open connection
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
