package io.balsa.budget;

import io.balsa.budget.ReservationQueue.Fit;
import io.balsa.bytes.Check;
import io.netty.util.internal.PlatformDependent;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that all answers of a process may have in memory together. An answer counts from its
 * reading until the kernel has taken it. An answer that does not fit waits in a queue, at most two
 * seconds.
 *
 * <p>A quarter is reserved for small answers ({@link Share#SMALL_BYTES}). Tiny answers ({@link
 * Share#TINY_BYTES}) are never refused. A connection may hold an eighth in small answers and an
 * eighth in others, or one larger answer.
 *
 * <p>While an answer waits, or the budget is overdrawn, connections that hold bytes and move none
 * for a second are closed. Those that hold most are closed first, until they hold together what is
 * needed.
 */
public final class AnswerBudget {
  private static final long WAIT_NANOS = 2_000_000_000L;
  private static final long STILL_NANOS = 1_000_000_000L;
  private static final long LOOK_NANOS = 100_000_000L;

  private final HeldBytes heldBytes;
  private final long bytesMax;
  private final BudgetClock clock;
  private final RequestBudget requests;
  private final LateRefusals lateRefusals;
  private final Connections connections = new Connections();
  private final Connection unknown = new Connection(() -> {});
  private final AtomicBoolean looking = new AtomicBoolean();
  private final AtomicInteger calls = new AtomicInteger();
  private final LongAdder refused = new LongAdder();
  private final LongAdder tooLarge = new LongAdder();
  private final LongAdder closed = new LongAdder();
  private volatile HeapMark heap = HeapMark.NONE;

  /** Guarded by the lock of {@link HeldBytes}, as the queue for large answers is. */
  private final ReservationQueue smallWaiting = new ReservationQueue();

  private final ReservationQueue largeWaiting = new ReservationQueue();

  /**
   * The number of waiting reservations. It is written under the lock, before {@link #grant} tries
   * again.
   */
  private volatile int waiting;

  /**
   * A budget.
   *
   * @param bytes the memory for all answers
   * @param bytesMax the most that one answer may have; three quarters of the budget at most
   */
  public AnswerBudget(long bytes, long bytesMax) {
    this(bytes, bytesMax, BudgetClock.real());
  }

  public AnswerBudget(long bytes, long bytesMax, BudgetClock clock) {
    this(bytes, bytesMax, clock, RequestBudget.ofProcess());
  }

  /** The same with another budget for requests. */
  public AnswerBudget(long bytes, long bytesMax, BudgetClock clock, RequestBudget requests) {
    Check.that(bytes > 0 && bytesMax > 0, "a budget has bytes");
    this.heldBytes = new HeldBytes(bytes);
    this.bytesMax = Math.min(bytesMax, heldBytes.bytesForLarge());
    this.clock = clock;
    this.requests = requests;
    this.lateRefusals = new LateRefusals(clock);
  }

  /**
   * The smaller of a quarter of the heap and a third of the direct memory, because requests need
   * direct memory too. One answer may have a sixteenth of the heap.
   */
  public static AnswerBudget ofProcess() {
    return ofProcess(0);
  }

  /**
   * As {@link #ofProcess()}.
   *
   * @param bytesMax the most that one answer may have; 0 for a sixteenth of the heap
   */
  public static AnswerBudget ofProcess(long bytesMax) {
    return ofProcess(bytesMax, 3);
  }

  /**
   * As {@link #ofProcess(long)}, but with a sixth of the direct memory. In a proxy an answer also
   * takes direct memory while it comes from a server: its frames keep their read buffers.
   */
  public static AnswerBudget ofProxy(long bytesMax) {
    return ofProcess(bytesMax, 6);
  }

  private static AnswerBudget ofProcess(long bytesMax, int directParts) {
    long heap = Runtime.getRuntime().maxMemory();
    long direct = PlatformDependent.estimateMaxDirectMemory();
    long bytes = Math.min(heap / 4, direct / directParts);
    return new AnswerBudget(bytes, bytesMax > 0 ? bytesMax : heap / 16);
  }

  /** The refusals of large requests that are not sent yet. */
  public LateRefusals lateRefusals() {
    return lateRefusals;
  }

  /** The most bytes that one answer may have. */
  public long bytesMax() {
    return bytesMax;
  }

  /**
   * An answer that is not small may take bytes only while everything held stays within this number.
   */
  long bytesForLarge() {
    return heldBytes.bytesForLarge();
  }

  /** The bytes that answers hold now. */
  public long bytesHeld() {
    return heldBytes.held();
  }

  /** The number of waiting reservations. */
  public int waiting() {
    return waiting;
  }

  /** The number of reservations that were refused after waiting, or because they can never fit. */
  public long refused() {
    return refused.sum();
  }

  /** The number of answers that were refused because they are larger than {@link #bytesMax}. */
  public long refusedAsTooLarge() {
    return tooLarge.sum();
  }

  void tooLarge() {
    tooLarge.increment();
  }

  /** Sets the mark of the heap above which large reads are refused; returns this budget. */
  public AnswerBudget guardedBy(HeapMark mark) {
    heap = mark;
    return this;
  }

  /** The mark of the heap. */
  HeapMark heap() {
    return heap;
  }

  /** The number of connections that were closed because they stood still. */
  public long closedConnections() {
    return closed.sum();
  }

  /** The number of gRPC calls whose last bytes have not left. */
  public int calls() {
    return calls.get();
  }

  /** Registers the numbers of the budget as metrics. */
  public void show(PrometheusRegistry registry) {
    BudgetMetrics.register(this, registry);
  }

  /** A share on a connection of its own, for answers that do not leave through a port. */
  public Share share() {
    return new CallShare(this, new Connection(() -> {}));
  }

  /** The share of a call; the call's start sets its connection. */
  CallShare shareOfCall() {
    return new CallShare(this, unknown);
  }

  void callBegun(Connection on) {
    calls.incrementAndGet();
    on.calls.incrementAndGet();
  }

  void callEnded(Connection on) {
    calls.decrementAndGet();
    on.calls.decrementAndGet();
  }

  /** The budget for requests. */
  public RequestBudget requests() {
    return requests;
  }

  /** The open connections. */
  public Connections connections() {
    return connections;
  }

  boolean tryTake(CallShare share, long wanted) {
    long state = share.state.get();
    if (state == CallShare.ENDED || wanted > heldBytes.bytesForLarge()) {
      return false;
    }
    boolean taken;
    if (HeldBytes.isTiny(state, wanted)) {
      heldBytes.force(share, wanted);
      taken = share.state.get() != CallShare.ENDED;
    } else if (HeldBytes.isSmall(state, wanted)) {
      taken = heldBytes.takeSmall(share, wanted) == Fit.TAKEN;
    } else {
      synchronized (heldBytes.lock) {
        taken = largeWaiting.isEmpty() && heldBytes.takeLarge(share, wanted) == Fit.TAKEN;
      }
    }
    lookLater();
    return taken;
  }

  /** Whether {@link #tryTake} would succeed now. */
  boolean hasRoom(CallShare share, long wanted) {
    long state = share.state.get();
    if (state == CallShare.ENDED) {
      return false;
    }
    if (HeldBytes.isTiny(state, wanted)) {
      return true;
    }
    if (HeldBytes.isSmall(state, wanted)) {
      return heldBytes.hasRoomForSmall(share, wanted);
    }
    synchronized (heldBytes.lock) {
      return largeWaiting.isEmpty() && heldBytes.hasRoomForLarge(share, wanted);
    }
  }

  void take(CallShare share, long wanted, Consumer<Boolean> done) {
    if (tryTake(share, wanted)) {
      done.accept(true);
      return;
    }
    if (wanted > heldBytes.bytesForLarge() || share.state.get() == CallShare.ENDED) {
      refuse(done);
      return;
    }
    share.waits = true;
    synchronized (heldBytes.lock) {
      Reservation take = new Reservation(share, wanted, done, clock.nanos() + WAIT_NANOS);
      (HeldBytes.isSmall(share.state.get(), wanted) ? smallWaiting : largeWaiting).add(take);
      counted();
    }
    if (share.state.get() == CallShare.ENDED) {
      stopWaiting(share);
    }
    var _ = grant(); // room may have become free before the reservation was counted
    lookLater();
  }

  private void refuse(Consumer<Boolean> done) {
    refused.increment();
    done.accept(false);
  }

  private void counted() {
    waiting = smallWaiting.size() + largeWaiting.size();
  }

  private void stopWaiting(CallShare share) {
    Reservation small;
    Reservation large;
    synchronized (heldBytes.lock) {
      small = smallWaiting.remove(share);
      large = largeWaiting.remove(share);
      counted();
    }
    tellInVain(small);
    tellInVain(large);
  }

  private static void tellInVain(@Nullable Reservation take) {
    if (take != null) {
      take.done().accept(false);
    }
  }

  /** Counts bytes of an answer that was made without a reservation, even if there is no room. */
  void force(CallShare share, long more) {
    heldBytes.force(share, more);
    lookLater();
  }

  /** Gives at most this many bytes back; none if the call has ended. */
  void giveBack(CallShare share, long most) {
    if (heldBytes.giveBack(share, most) > 0) {
      var _ = grant();
    }
  }

  /** The bytes that a share holds; negative if the call has ended. */
  long taken(CallShare share) {
    return heldBytes.taken(share);
  }

  /** Notes bytes of an answer that were passed on to be sent; from now on they must move. */
  void sent(CallShare share, long more) {
    heldBytes.sent(share, more);
  }

  /** Gives back everything that a call holds, and removes its waiting reservation. */
  void end(CallShare share) {
    heldBytes.end(share);
    if (share.waits) {
      stopWaiting(share);
    }
    var _ = grant();
  }

  /**
   * Gives free room to waiting reservations.
   *
   * @return whether one still waits because the budget has too little room
   */
  private boolean grant() {
    if (waiting == 0) {
      return false;
    }
    List<Reservation> taken = new ArrayList<>();
    boolean tooLittle;
    synchronized (heldBytes.lock) {
      tooLittle = smallWaiting.grant(t -> heldBytes.takeSmall(t.share(), t.bytes()), taken);
      tooLittle |= largeWaiting.grant(t -> heldBytes.takeLarge(t.share(), t.bytes()), taken);
      counted();
    }
    taken.forEach(take -> take.done().accept(true));
    return tooLittle;
  }

  /** Schedules the next check while there is little room or a reservation waits. */
  private void lookLater() {
    if ((waiting > 0 || heldBytes.isLittleLeft()) && looking.compareAndSet(false, true)) {
      clock.after(LOOK_NANOS, this::look);
    }
  }

  private void look() {
    looking.set(false);
    long now = clock.nanos();
    refuseOverdue(now);
    boolean tooLittle = grant();
    closeThoseInTheWay(now, tooLittle || heldBytes.bytesOverdrawn() > 0);
    lookLater();
  }

  private void refuseOverdue(long now) {
    List<Reservation> overdue = new ArrayList<>();
    synchronized (heldBytes.lock) {
      smallWaiting.removeIf(take -> now - take.untilNanos() >= 0, overdue);
      largeWaiting.removeIf(take -> now - take.untilNanos() >= 0, overdue);
      counted();
    }
    overdue.forEach(take -> refuse(take.done()));
  }

  /**
   * Closes the connections that hold most among those that stand still. While the budget is
   * overdrawn, it also closes those that hold more than their part.
   *
   * @param tooLittle whether any connection may be closed; otherwise only those whose own calls
   *     wait
   */
  private void closeThoseInTheWay(long now, boolean tooLittle) {
    List<Connection> found;
    synchronized (heldBytes.lock) {
      long overdrawn = heldBytes.bytesOverdrawn();
      long wanted = smallWaiting.bytes() + largeWaiting.bytes() + overdrawn;
      found =
          connections.largest(
              wanted,
              each -> {
                boolean still = each.standsStill(now, STILL_NANOS);
                boolean beyond = each.isBeyond(heldBytes.bytesOfConnection(), now, STILL_NANOS);
                boolean inTheWay = tooLittle || smallWaiting.has(each) || largeWaiting.has(each);
                return (still && inTheWay) || (beyond && overdrawn > 0);
              });
    }
    closed.add(found.size());
    found.forEach(Connection::close);
  }
}
