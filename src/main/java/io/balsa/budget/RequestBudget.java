package io.balsa.budget;

import io.grpc.Status;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Limits the bytes of requests over all connections.
 *
 * <p>One limit is for requests that have not arrived completely, so any number of slow clients
 * costs no more. Above the limit, the connections with most such bytes lose first, until the rest
 * fits: their largest requests are refused. A connection that holds its bytes in many small
 * requests is closed, because small ones are not known one by one.
 *
 * <p>The other limit is for requests that a service has not answered. Such a request may have taken
 * effect, so above this limit the next request is refused. Small requests are not counted there:
 * the number of calls limits them.
 */
public final class RequestBudget {
  /** The limit for requests that arrive. */
  public static final long BYTES_MAX = 24 << 20;

  /** The least limit for requests that are served; otherwise it is an eighth of the heap. */
  private static final long SERVED_BYTES_MIN = 16 << 20;

  /** The memory of a piece besides its bytes: it keeps its read buffer. */
  public static final int PIECE_BYTES = 512;

  /** The status of a call whose unfinished request is refused. */
  static final Status REFUSED =
      Status.RESOURCE_EXHAUSTED.withDescription(
          "etcdserver: too many bytes of unfinished requests, send the request faster or later");

  /** The status of a call that is refused because too many bytes are being served. */
  static final Status TOO_MUCH_SERVED =
      Status.RESOURCE_EXHAUSTED.withDescription(
          "etcdserver: too many bytes of requests are being served, try again later");

  /** Smaller requests are not refused one by one, and connections with less are not closed. */
  static final long NOTED_BYTES = 2_048;

  private static final long LOOK_NANOS = 10_000_000;

  private final Set<Arriving> noted = ConcurrentHashMap.newKeySet();
  private final ConcurrentHashMap<Connection, Boolean> holders = new ConcurrentHashMap<>();
  private final AtomicLong bytes = new AtomicLong();
  private final ByteBound served;
  private final AtomicLong lookAgain = new AtomicLong(System.nanoTime());
  private final LongAdder refused = new LongAdder();
  private final long bytesMax;

  /**
   * @param bytesMax the limit for requests that arrive
   * @param servedMax the limit for requests that are served
   */
  public RequestBudget(long bytesMax, long servedMax) {
    this.bytesMax = bytesMax;
    this.served = new ByteBound(servedMax);
  }

  /** A budget with the limits of this process. */
  static RequestBudget ofProcess() {
    long heap = Runtime.getRuntime().maxMemory();
    return new RequestBudget(BYTES_MAX, Math.max(SERVED_BYTES_MIN, heap / 8));
  }

  /** A request, or the requests of a connection, that arrive. One thread adds bytes. */
  abstract static class Arriving {
    private volatile long arrived;

    /** The connection over which it arrives, always the same. */
    abstract Connection connection();

    /** Refuses it. If a call is refused for the second time, its connection is closed. */
    abstract void refuse();
  }

  /** Counts bytes that have arrived. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread adds
  void add(Arriving request, long more) {
    long before = request.arrived;
    request.arrived = before + more;
    if (before < NOTED_BYTES && request.arrived >= NOTED_BYTES) {
      noted.add(request);
    }
    count(request.connection(), more);
    hold();
  }

  /** Whether the arrived bytes exceed the limit. */
  public boolean isFull() {
    return bytes.get() > bytesMax;
  }

  /** Refuses the largest requests if the arrived bytes exceed the limit. */
  public void hold() {
    if (isFull()) {
      refuseSome();
    }
  }

  /** Counts bytes no longer, at most those of the request. */
  public void remove(Arriving request, long most) {
    long before = request.arrived;
    long less = Math.min(before, most);
    request.arrived = before - less;
    if (before >= NOTED_BYTES && request.arrived < NOTED_BYTES) {
      noted.remove(request);
    }
    count(request.connection(), -less);
  }

  private void count(Connection connection, long more) {
    long now = connection.unfinished.addAndGet(more);
    boolean holds = now >= NOTED_BYTES;
    boolean held = now - more >= NOTED_BYTES;
    if (holds != held) {
      // another thread may have counted since, so the number of this moment decides
      holders.compute(
          connection, (_, _) -> connection.unfinished.get() >= NOTED_BYTES ? Boolean.TRUE : null);
    }
    bytes.addAndGet(more);
  }

  /** Counts nothing of a request any longer: it is complete or given up. */
  public void remove(Arriving request) {
    if (request.arrived > 0) {
      remove(request, request.arrived);
    }
  }

  /** Sets how many bytes of a request have arrived. */
  public void set(Arriving request, long now) {
    long before = request.arrived;
    if (now > before) {
      add(request, now - before);
    } else if (now < before) {
      remove(request, before - now);
    }
  }

  /** Counts bytes that are passed on to a service; false if they exceed the limit. */
  boolean serve(long more) {
    boolean fits = served.take(more);
    if (!fits) {
      refused.increment();
    }
    return fits;
  }

  /** Counts bytes as no longer served. */
  void served(long less) {
    served.giveBack(less);
  }

  /**
   * Refuses requests, but not more often than {@link #LOOK_NANOS}, because refused requests need
   * time to go.
   */
  private void refuseSome() {
    long now = System.nanoTime();
    long due = lookAgain.get();
    if (now - due < 0 || !lookAgain.compareAndSet(due, now + LOOK_NANOS)) {
      return;
    }
    Map<Connection, List<Arriving>> large = new HashMap<>();
    noted.forEach(
        each -> large.computeIfAbsent(each.connection(), _ -> new ArrayList<>()).add(each));
    LargestHolders<Connection> largest = new LargestHolders<>();
    holders.keySet().forEach(each -> largest.add(each, each.unfinished.get()));
    long over = bytes.get() - bytesMax;
    for (Connection each : largest.upTo(Long.MAX_VALUE)) {
      if (over <= 0) {
        return;
      }
      over -= refuse(each, large.getOrDefault(each, List.of()), over);
    }
  }

  /**
   * Refuses the largest requests of a connection, or closes it if they are less than half of what
   * it holds.
   *
   * @return the bytes that become free, at most those of the connection
   */
  private long refuse(Connection connection, List<Arriving> large, long over) {
    LargestHolders<Arriving> largest = new LargestHolders<>();
    long sum = 0;
    for (Arriving each : large) {
      long arrived = each.arrived;
      largest.add(each, arrived);
      sum += arrived;
    }
    long all = connection.unfinished.get();
    if (sum < all / 2) {
      refused.increment();
      connection.refuse();
      return all;
    }
    for (Arriving each : largest.upTo(over)) {
      refused.increment();
      each.refuse();
    }
    return sum;
  }

  /** The bytes of all requests that arrive. */
  public long bytes() {
    return bytes.get();
  }

  /** The bytes of all requests that are served. */
  public long bytesServed() {
    return served.held();
  }

  /** The number of refused requests. */
  public long refused() {
    return refused.sum();
  }
}
