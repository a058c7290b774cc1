package io.balsa.budget;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Takes that wait: those of a connection in their order, the connections in turn, so that who has
 * thousands waiting delays nobody else. Guarded by the budget's lock.
 */
final class ReservationQueue {
  /** What may be said of a waiting take. */
  enum Fit {
    /** It has its room now. */
    TAKEN,
    /** Its own connection holds too much; others may go before it. */
    NOT_ON_ITS_CONNECTION,
    /** There is too little room: nobody behind it may take what it waits for. */
    NOWHERE
  }

  /** Takes the room for a waiting take, if it can. */
  @FunctionalInterface
  interface Fitting {
    Fit fit(Reservation take);
  }

  /** A share waits for one take at most. */
  private final LinkedHashMap<Connection, Map<CallShare, Reservation>> byConnection =
      new LinkedHashMap<>();

  private int size;

  /** What all of them wait for together. */
  private long bytes;

  int size() {
    return size;
  }

  long bytes() {
    return bytes;
  }

  void add(Reservation take) {
    byConnection
        .computeIfAbsent(take.share().connection(), _ -> new LinkedHashMap<>())
        .put(take.share(), take);
    size++;
    bytes += take.bytes();
  }

  boolean isEmpty() {
    return size == 0;
  }

  /**
   * Moves those that fit to {@code taken}; gives up at the first that fits nowhere.
   *
   * @return whether it gave up
   */
  boolean grant(Fitting fitting, List<Reservation> taken) {
    boolean more = size > 0;
    while (more) {
      more = false;
      for (Connection connection : List.copyOf(byConnection.keySet())) {
        Fit fit = grantFirst(connection, fitting, taken);
        if (fit == Fit.NOWHERE) {
          return true;
        }
        more |= fit == Fit.TAKEN && byConnection.containsKey(connection);
      }
    }
    return false;
  }

  /** Who got something goes to the end of the line. */
  private Fit grantFirst(Connection connection, Fitting fitting, List<Reservation> taken) {
    Map<CallShare, Reservation> waiting = of(connection);
    Reservation first = waiting.values().iterator().next();
    Fit fit = fitting.fit(first);
    if (fit == Fit.TAKEN) {
      taken.add(first);
      remove(first.share());
      if (!waiting.isEmpty()) {
        byConnection.putLast(connection, waiting);
      }
    }
    return fit;
  }

  /** Takes out the one of a share; null when it has none. */
  @Nullable Reservation remove(CallShare share) {
    if (!has(share.connection())) {
      return null;
    }
    Map<CallShare, Reservation> waiting = of(share.connection());
    Reservation removed = waiting.remove(share);
    if (removed != null) {
      size--;
      bytes -= removed.bytes();
    }
    if (waiting.isEmpty()) {
      byConnection.remove(share.connection());
    }
    return removed;
  }

  private Map<CallShare, Reservation> of(Connection connection) {
    return Objects.requireNonNull(byConnection.get(connection), "a connection with takes");
  }

  /** Takes out all of which something holds. */
  void removeIf(Predicate<Reservation> condition, List<Reservation> removed) {
    Iterator<Map<CallShare, Reservation>> connections = byConnection.values().iterator();
    while (connections.hasNext()) {
      Map<CallShare, Reservation> waiting = connections.next();
      waiting.values().removeIf(take -> condition.test(take) && leaves(take, removed));
      if (waiting.isEmpty()) {
        connections.remove();
      }
    }
  }

  private boolean leaves(Reservation take, List<Reservation> removed) {
    size--;
    bytes -= take.bytes();
    return removed.add(take);
  }

  /** Whether a connection has takes waiting. */
  boolean has(Connection connection) {
    return byConnection.containsKey(connection);
  }
}
