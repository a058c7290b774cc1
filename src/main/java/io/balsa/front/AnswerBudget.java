package io.balsa.front;

import io.balsa.bytes.Check;
import io.balsa.front.WaitingTakes.Fit;
import io.netty.util.internal.PlatformDependent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that all answers of a process may have in memory at once, each from its reading until
 * it has left for the kernel. What does not fit waits, in turn and two seconds at most.
 *
 * <p>A quarter is kept for small answers ({@link Share#SMALL_BYTES}). A connection may hold an
 * eighth in small answers and an eighth in others, or one answer that is larger. While somebody
 * waits, or more is held than there is, a connection that holds bytes and moves none for a second
 * is closed: the one that holds most, then the next.
 *
 * <p>Small answers take and give back by atomic numbers; everything else is under one lock.
 */
public final class AnswerBudget {
  private static final long WAIT_NANOS = 2_000_000_000L;
  private static final long STILL_NANOS = 1_000_000_000L;
  private static final long LOOK_NANOS = 100_000_000L;

  private final long bytes;
  private final long bytesForLarge;
  private final long bytesOfConnection;
  private final long bytesMax;
  private final BudgetClock clock;
  private final AtomicLong held = new AtomicLong();
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean looking = new AtomicBoolean();
  private final LongAdder refused = new LongAdder();
  private final LongAdder closed = new LongAdder();
  private final Object lock = new Object();
  private final WaitingTakes smallWaiting = new WaitingTakes();
  private final WaitingTakes largeWaiting = new WaitingTakes();

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

  AnswerBudget(long bytes, long bytesMax, BudgetClock clock) {
    Check.that(bytes > 0 && bytesMax > 0, "a budget has bytes");
    this.bytes = bytes;
    this.bytesForLarge = bytes - bytes / 4;
    this.bytesOfConnection = bytes / 8;
    this.bytesMax = Math.min(bytesMax, bytesForLarge);
    this.clock = clock;
  }

  /** A quarter of the heap or half of the direct memory; one answer a sixteenth of the heap. */
  public static AnswerBudget ofProcess() {
    return ofProcess(0);
  }

  /**
   * As {@link #ofProcess()}.
   *
   * @param bytesMax the most that one answer may have; 0 for a sixteenth of the heap
   */
  public static AnswerBudget ofProcess(long bytesMax) {
    long heap = Runtime.getRuntime().maxMemory();
    long bytes = Math.min(heap / 4, PlatformDependent.estimateMaxDirectMemory() / 2);
    return new AnswerBudget(bytes, bytesMax > 0 ? bytesMax : heap / 16);
  }

  /** The most bytes that one answer may have. */
  public long bytesMax() {
    return bytesMax;
  }

  /** What is held now. */
  public long bytesHeld() {
    return held.get();
  }

  /** How many takes wait now. */
  public int waiting() {
    return waiting;
  }

  /** How many takes waited in vain. */
  public long refused() {
    return refused.sum();
  }

  /** How many connections were closed because they stood still. */
  public long closedConnections() {
    return closed.sum();
  }

  /** A share on a connection of its own, for answers that no port sends. */
  public Share share() {
    return new CallShare(this, new Connection(() -> {}));
  }

  void opened(Connection connection) {
    connections.add(connection);
  }

  void gone(Connection connection) {
    connections.remove(connection);
  }

  boolean tryTake(CallShare share, long wanted) {
    long before = share.state.get();
    if (before == CallShare.ENDED || wanted > bytesForLarge) {
      return false;
    }
    if (isSmall(before, wanted)) {
      return takeSmall(share, wanted) == Fit.TAKEN;
    }
    synchronized (lock) {
      return largeWaiting.isEmpty() && takeLarge(share, wanted) == Fit.TAKEN;
    }
  }

  private static boolean isSmall(long state, long wanted) {
    return state >= 0 && wanted <= Share.SMALL_BYTES - state;
  }

  private Fit takeSmall(CallShare share, long wanted) {
    if (!reserve(held, wanted, bytes)) {
      return Fit.NOWHERE;
    }
    AtomicLong ofConnection = share.connection().small;
    if (!reserve(ofConnection, wanted, bytesOfConnection)) {
      held.addAndGet(-wanted);
      return Fit.NOT_ON_ITS_CONNECTION;
    }
    for (long state = share.state.get(); state >= 0; state = share.state.get()) {
      if (share.state.compareAndSet(state, state + wanted)) {
        lookLater();
        return Fit.TAKEN;
      }
    }
    // the call has ended meanwhile, or has become large
    ofConnection.addAndGet(-wanted);
    held.addAndGet(-wanted);
    return Fit.NOT_ON_ITS_CONNECTION;
  }

  private static boolean reserve(AtomicLong of, long wanted, long most) {
    if (of.addAndGet(wanted) <= most) {
      return true;
    }
    of.addAndGet(-wanted);
    return false;
  }

  /** With the lock. */
  private Fit takeLarge(CallShare share, long wanted) {
    if (!becomeLarge(share)) {
      return Fit.NOT_ON_ITS_CONNECTION;
    }
    long others = share.connection().large() - share.large;
    if (others > 0 && others + share.large + wanted > bytesOfConnection) {
      return Fit.NOT_ON_ITS_CONNECTION;
    }
    if (!reserve(held, wanted, bytesForLarge)) {
      return Fit.NOWHERE;
    }
    hold(share, wanted);
    lookLater();
    return Fit.TAKEN;
  }

  /** What it held as a small one moves over; false when the call has ended. */
  private boolean becomeLarge(CallShare share) {
    for (long state = share.state.get(); state != CallShare.LARGE; state = share.state.get()) {
      if (state == CallShare.ENDED) {
        return false;
      }
      if (share.state.compareAndSet(state, CallShare.LARGE)) {
        share.connection().small.addAndGet(-state);
        hold(share, state);
      }
    }
    return true;
  }

  /** With the lock. */
  private static void hold(CallShare share, long more) {
    share.large += more;
    share.connection().addLarge(more);
    share.connection().addSent(share.send(0));
  }

  void take(CallShare share, long wanted, Consumer<Boolean> done) {
    if (tryTake(share, wanted)) {
      done.accept(true);
      return;
    }
    if (wanted > bytesForLarge || share.state.get() == CallShare.ENDED) {
      refuse(done);
      return;
    }
    share.waits = true;
    synchronized (lock) {
      WaitingTake take = new WaitingTake(share, wanted, done, clock.nanos() + WAIT_NANOS);
      (isSmall(share.state.get(), wanted) ? smallWaiting : largeWaiting).add(take);
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
    WaitingTake small;
    WaitingTake large;
    synchronized (lock) {
      small = smallWaiting.remove(share);
      large = largeWaiting.remove(share);
      counted();
    }
    tellInVain(small);
    tellInVain(large);
  }

  private static void tellInVain(@Nullable WaitingTake take) {
    if (take != null) {
      take.done().accept(false);
    }
  }

  /** Counts bytes of an answer that has been made without asking; there need be no room. */
  void force(CallShare share, long more) {
    for (long state = share.state.get(); state >= 0; state = share.state.get()) {
      if (share.state.compareAndSet(state, state + more)) {
        share.connection().small.addAndGet(more);
        held.addAndGet(more);
        lookLater();
        return;
      }
    }
    synchronized (lock) {
      if (becomeLarge(share)) {
        held.addAndGet(more);
        hold(share, more);
      }
    }
    lookLater();
  }

  void giveBack(CallShare share, long given) {
    for (long state = share.state.get(); state >= 0; state = share.state.get()) {
      Check.that(given <= state, "no more is given back than was taken");
      if (share.state.compareAndSet(state, state - given)) {
        share.connection().small.addAndGet(-given);
        released(given);
        return;
      }
    }
    synchronized (lock) {
      if (share.state.get() == CallShare.ENDED) {
        return; // its end gives all back
      }
      Check.that(given <= share.large, "no more is given back than was taken");
      hold(share, -given);
      if (share.large == 0) {
        share.state.compareAndSet(CallShare.LARGE, 0);
      }
    }
    released(given);
  }

  /** So many bytes of a call's answer were handed over to be sent: from now on they must move. */
  void sent(CallShare share, long more) {
    if (share.state.get() == CallShare.LARGE) {
      synchronized (lock) {
        share.connection().addSent(share.send(more));
      }
    }
  }

  /** Gives all back that a call holds, and takes what it waits for out of the line. */
  void end(CallShare share) {
    long before = share.state.getAndSet(CallShare.ENDED);
    if (before == CallShare.ENDED) {
      return;
    }
    long given = before;
    if (before == CallShare.LARGE) {
      synchronized (lock) {
        given = share.large;
        hold(share, -given);
      }
    } else {
      share.connection().small.addAndGet(-given);
    }
    if (share.waits) {
      stopWaiting(share);
    }
    released(given);
  }

  private void released(long given) {
    held.addAndGet(-given);
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
    List<WaitingTake> taken = new ArrayList<>();
    boolean tooLittle;
    synchronized (lock) {
      tooLittle = smallWaiting.grant(take -> takeSmall(take.share(), take.bytes()), taken);
      tooLittle |= largeWaiting.grant(take -> takeLarge(take.share(), take.bytes()), taken);
      counted();
    }
    taken.forEach(take -> take.done().accept(true));
    return tooLittle;
  }

  /** While there is little room, or somebody waits, the clock looks again and again. */
  private void lookLater() {
    if ((waiting > 0 || held.get() > bytes / 2) && looking.compareAndSet(false, true)) {
      clock.after(LOOK_NANOS, this::look);
    }
  }

  private void look() {
    looking.set(false);
    long now = clock.nanos();
    refuseOverdue(now);
    boolean tooLittle = grant();
    closeOneThatStandsStill(now, tooLittle || held.get() > bytes);
    lookLater();
  }

  private void refuseOverdue(long now) {
    List<WaitingTake> overdue = new ArrayList<>();
    synchronized (lock) {
      smallWaiting.removeIf(take -> now - take.untilNanos() >= 0, overdue);
      largeWaiting.removeIf(take -> now - take.untilNanos() >= 0, overdue);
      counted();
    }
    overdue.forEach(take -> refuse(take.done()));
  }

  /**
   * The one that holds most.
   *
   * @param tooLittle whether any may be closed; otherwise only one whose own calls wait for it
   */
  private void closeOneThatStandsStill(long now, boolean tooLittle) {
    Connection most = null;
    synchronized (lock) {
      for (Connection each : connections) {
        boolean still = each.standsStill(now, STILL_NANOS) && !each.isClosed();
        boolean inTheWay = tooLittle || smallWaiting.has(each) || largeWaiting.has(each);
        if (still && inTheWay && (most == null || each.toSend() > most.toSend())) {
          most = each;
        }
      }
    }
    if (most != null) {
      closed.increment();
      most.close();
    }
  }
}
