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
 * The bytes that all answers of a process may have in memory at once, each from its reading until
 * it has left for the kernel. What does not fit waits, in turn and two seconds at most.
 *
 * <p>A quarter is kept for small answers ({@link Share#SMALL_BYTES}), and tiny ones ({@link
 * Share#TINY_BYTES}) need no room: nobody is refused for them. A connection may hold an eighth in
 * small answers and an eighth in others, or one answer that is larger. While somebody waits, or
 * more is held than there is, connections that hold bytes and move none for a second are closed:
 * those that hold most, so many as hold what is wanted.
 */
public final class AnswerBudget {
  private static final long WAIT_NANOS = 2_000_000_000L;
  private static final long STILL_NANOS = 1_000_000_000L;
  private static final long LOOK_NANOS = 100_000_000L;

  private final HeldBytes heldBytes;
  private final long bytesMax;
  private final BudgetClock clock;
  private final RequestBudget requests;
  private final Connections connections = new Connections();
  private final Connection unknown = new Connection(() -> {});
  private final AtomicBoolean looking = new AtomicBoolean();
  private final AtomicInteger calls = new AtomicInteger();
  private final LongAdder refused = new LongAdder();
  private final LongAdder tooLarge = new LongAdder();
  private final LongAdder closed = new LongAdder();

  /** Guarded by the lock of the heldBytes, as are the large ones. */
  private final ReservationQueue smallWaiting = new ReservationQueue();

  private final ReservationQueue largeWaiting = new ReservationQueue();

  /** How many takes wait; written under the lock, before room is looked for once more. */
  private volatile int waiting;

  /**
   * A budget.
   *
   * @param bytes all that answers may hold
   * @param bytesMax the most that one answer may have; three quarters of the budget at most
   */
  public AnswerBudget(long bytes, long bytesMax) {
    this(bytes, bytesMax, BudgetClock.real());
  }

  public AnswerBudget(long bytes, long bytesMax, BudgetClock clock) {
    this(bytes, bytesMax, clock, RequestBudget.ofProcess());
  }

  /** The same with another bound on requests. */
  public AnswerBudget(long bytes, long bytesMax, BudgetClock clock, RequestBudget requests) {
    Check.that(bytes > 0 && bytesMax > 0, "a budget has bytes");
    this.heldBytes = new HeldBytes(bytes);
    this.bytesMax = Math.min(bytesMax, heldBytes.bytesForLarge());
    this.clock = clock;
    this.requests = requests;
  }

  /**
   * A quarter of the heap or a third of the direct memory, of which requests need some as well; one
   * answer a sixteenth of the heap.
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
   * As {@link #ofProcess(long)}, but of the direct memory only a sixth: an answer takes it while it
   * comes from a server, too, where frames keep the buffers that they were read into.
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

  /** The most bytes that one answer may have. */
  public long bytesMax() {
    return bytesMax;
  }

  /** What answers that are not small may hold together. */
  long bytesForLarge() {
    return heldBytes.bytesForLarge();
  }

  /** What is held now. */
  public long bytesHeld() {
    return heldBytes.held();
  }

  /** How many takes wait now. */
  public int waiting() {
    return waiting;
  }

  /** How many takes waited in vain. */
  public long refused() {
    return refused.sum();
  }

  /** How many answers were refused because they are larger than one may be. */
  public long refusedAsTooLarge() {
    return tooLarge.sum();
  }

  void tooLarge() {
    tooLarge.increment();
  }

  /** How many connections were closed because they stood still. */
  public long closedConnections() {
    return closed.sum();
  }

  /** How many gRPC calls there are whose last bytes have not left. */
  public int calls() {
    return calls.get();
  }

  /** Registers what is held, waits and was refused. */
  public void show(PrometheusRegistry registry) {
    BudgetMetrics.register(this, registry);
  }

  /** A share on a connection of its own, for answers that no port sends. */
  public Share share() {
    return new CallShare(this, new Connection(() -> {}));
  }

  /** The share of a call, which learns of its connection when it starts. */
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

  /** What clients send. */
  public RequestBudget requests() {
    return requests;
  }

  /** Those that are open. */
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

  /** Whether {@link #tryTake} would take so much now. */
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
    var _ = grant(); // room may have come before it was counted
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

  /** Counts bytes of an answer that has been made without asking; there need be no room. */
  void force(CallShare share, long more) {
    heldBytes.force(share, more);
    lookLater();
  }

  /** Gives so much back, or all that is taken; nothing when the call has ended. */
  void giveBack(CallShare share, long most) {
    if (heldBytes.giveBack(share, most) > 0) {
      var _ = grant();
    }
  }

  /** What is taken; less than nothing when the call has ended. */
  long taken(CallShare share) {
    return heldBytes.taken(share);
  }

  /** So many bytes of a call's answer were handed over to be sent: from now on they must move. */
  void sent(CallShare share, long more) {
    heldBytes.sent(share, more);
  }

  /** Gives all back that a call holds, and takes what it waits for out of the line. */
  void end(CallShare share) {
    heldBytes.end(share);
    if (share.waits) {
      stopWaiting(share);
    }
    var _ = grant();
  }

  /**
   * Gives those that wait what there is.
   *
   * @return whether somebody still waits for whom there is too little
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

  /** While there is little room, or somebody waits, the clock looks again and again. */
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
   * Those that hold most, of those that stand still, and while more is held than there is also of
   * those that hold more than their part.
   *
   * @param tooLittle whether any may be closed; otherwise only those whose own calls wait for them
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
