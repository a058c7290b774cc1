package io.balsa.budget;

import io.grpc.Status;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Bounds the bytes of requests, over all connections.
 *
 * <p>Those that have begun to arrive and of which the end has not come: clients that send slowly,
 * in any number, cost no more. Beyond the bound the requests of which most is there are refused, as
 * many as are too much.
 *
 * <p>And those that a service has and has not answered. Something may have been done for them, so
 * beyond that bound it is the next one that is refused. Small ones are not counted there: the
 * number of calls bounds them.
 */
public final class RequestBudget {
  /** The bound of those that arrive. */
  public static final long BYTES_MAX = 24 << 20;

  /** The least bound of those that are served; otherwise it is an eighth of the heap. */
  private static final long SERVED_BYTES_MIN = 16 << 20;

  /** What a piece costs beside its bytes: it keeps the buffer that it was read into. */
  public static final int PIECE_BYTES = 512;

  /** How a call ends whose request is refused. */
  static final Status REFUSED =
      Status.RESOURCE_EXHAUSTED.withDescription(
          "etcdserver: too many bytes of unfinished requests, send the request faster or later");

  /** How a call ends when too much is being served. */
  static final Status TOO_MUCH_SERVED =
      Status.RESOURCE_EXHAUSTED.withDescription(
          "etcdserver: too many bytes of requests are being served, try again later");

  /** Less is not worth to be looked for. */
  static final long NOTED_BYTES = 2_048;

  private static final long LOOK_NANOS = 10_000_000;

  private final Set<Arriving> noted = ConcurrentHashMap.newKeySet();
  private final AtomicLong bytes = new AtomicLong();
  private final ByteBound served;
  private final AtomicLong lookAgain = new AtomicLong(System.nanoTime());
  private final LongAdder refused = new LongAdder();
  private final long bytesMax;

  /**
   * @param bytesMax the bound of those that arrive
   * @param servedMax the bound of those that are served
   */
  public RequestBudget(long bytesMax, long servedMax) {
    this.bytesMax = bytesMax;
    this.served = new ByteBound(servedMax);
  }

  /** With the bounds of this process. */
  static RequestBudget ofProcess() {
    long heap = Runtime.getRuntime().maxMemory();
    return new RequestBudget(BYTES_MAX, Math.max(SERVED_BYTES_MIN, heap / 8));
  }

  /** Something of which more and more is there; one thread adds to it. */
  abstract static class Arriving {
    private volatile long arrived;

    /** Ends it, harder each time. */
    abstract void refuse();
  }

  /** More is there. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread adds
  void add(Arriving request, long more) {
    long before = request.arrived;
    request.arrived = before + more;
    if (before < NOTED_BYTES && request.arrived >= NOTED_BYTES) {
      noted.add(request);
    }
    bytes.addAndGet(more);
    hold();
  }

  /** Whether more has arrived than may. */
  public boolean isFull() {
    return bytes.get() > bytesMax;
  }

  /** Holds the bound: refuses some when more has arrived than may. */
  public void hold() {
    if (isFull()) {
      refuseSome();
    }
  }

  /** So much of it is used up. */
  public void remove(Arriving request, long most) {
    long before = request.arrived;
    long less = Math.min(before, most);
    request.arrived = before - less;
    if (before >= NOTED_BYTES && request.arrived < NOTED_BYTES) {
      noted.remove(request);
    }
    bytes.addAndGet(-less);
  }

  /** It is whole, or given up. */
  public void remove(Arriving request) {
    if (request.arrived > 0) {
      remove(request, request.arrived);
    }
  }

  /** So much of it is there now. */
  public void set(Arriving request, long now) {
    long before = request.arrived;
    if (now > before) {
      add(request, now - before);
    } else if (now < before) {
      remove(request, before - now);
    }
  }

  /** A service is given so many bytes, if there is room for them. */
  boolean serve(long more) {
    boolean fits = served.take(more);
    if (!fits) {
      refused.increment();
    }
    return fits;
  }

  /** A service has done with so many bytes. */
  void served(long less) {
    served.giveBack(less);
  }

  /** Now and then, so that what was refused has the time to go. */
  private void refuseSome() {
    long now = System.nanoTime();
    long due = lookAgain.get();
    if (now - due < 0 || !lookAgain.compareAndSet(due, now + LOOK_NANOS)) {
      return;
    }
    LargestHolders<Arriving> largest = new LargestHolders<>();
    noted.forEach(each -> largest.add(each, each.arrived));
    for (Arriving each : largest.upTo(bytes.get() - bytesMax)) {
      refused.increment();
      each.refuse();
    }
  }

  /** What is there of all that arrive. */
  public long bytes() {
    return bytes.get();
  }

  /** What services have. */
  public long bytesServed() {
    return served.held();
  }

  /** How many were refused. */
  public long refused() {
    return refused.sum();
  }
}
