package io.balsa.budget;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The waiting reservations. Those of one connection keep their order, and the connections take
 * turns. A connection with thousands of reservations therefore delays no other. Guarded by the
 * budget's lock.
 */
final class ReservationQueue {
  /** Whether a reservation fits. */
  enum Fit {
    /** It has its bytes. */
    TAKEN,
    /** Its connection holds too much; reservations of others may pass it. */
    NOT_ON_ITS_CONNECTION,
    /** The budget has too little room; no reservation may pass it. */
    NOWHERE
  }

  /** Takes the bytes of a reservation, if they fit. */
  @FunctionalInterface
  interface Fitting {
    Fit fit(Reservation take);
  }

  /** A share has at most one waiting reservation. */
  private final LinkedHashMap<Connection, Map<CallShare, Reservation>> byConnection =
      new LinkedHashMap<>();

  private int size;

  /** The bytes that all reservations wait for. */
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
   * Moves the reservations that fit to {@code taken}; stops at the first {@link Fit#NOWHERE}.
   *
   * @return whether it stopped there
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

  /**
   * Tries the first reservation of a connection. If it fits, the connection goes to the end of the
   * queue.
   */
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

  /** Removes the reservation of a share; null if it has none. */
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
    return Objects.requireNonNull(byConnection.get(connection), "a connection has reservations");
  }

  /** Removes all reservations for which the condition holds. */
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

  /** Whether a connection has waiting reservations. */
  boolean has(Connection connection) {
    return byConnection.containsKey(connection);
  }
}
