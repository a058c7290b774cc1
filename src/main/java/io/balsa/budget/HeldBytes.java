package io.balsa.budget;

import io.balsa.budget.ReservationQueue.Fit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Who holds how much of a budget. Small shares take and give back by atomic numbers; of a large one
 * what it holds is guarded by {@link #lock}.
 */
final class HeldBytes {
  private final long bytes;
  private final long bytesForLarge;
  private final long bytesOfConnection;
  private final AtomicLong held = new AtomicLong();

  /** Guards large shares, and what waits for room. */
  final Object lock = new Object();

  HeldBytes(long bytes) {
    this.bytes = bytes;
    this.bytesForLarge = bytes - bytes / 4;
    this.bytesOfConnection = bytes / 8;
  }

  /** What large shares may hold together, beside small ones. */
  long bytesForLarge() {
    return bytesForLarge;
  }

  /** What a connection may hold in small shares, and in large ones unless there is one alone. */
  long bytesOfConnection() {
    return bytesOfConnection;
  }

  long held() {
    return held.get();
  }

  /** Whether less than half is left. */
  boolean isLittleLeft() {
    return held.get() > bytes / 2;
  }

  /** How much more is held than there is: what is made without asking is counted all the same. */
  long bytesOverdrawn() {
    return Math.max(0, held.get() - bytes);
  }

  static boolean isSmall(long state, long wanted) {
    return state >= 0 && wanted <= Share.SMALL_BYTES - state;
  }

  static boolean isTiny(long state, long wanted) {
    return state >= 0 && wanted <= Share.TINY_BYTES - state;
  }

  Fit takeSmall(CallShare share, long wanted) {
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

  boolean hasRoomForSmall(CallShare share, long wanted) {
    return held.get() + wanted <= bytes
        && share.connection().small.get() + wanted <= bytesOfConnection;
  }

  /** With the lock. */
  boolean hasRoomForLarge(CallShare share, long wanted) {
    return hasRoomOnConnection(share, wanted) && wanted <= bytesForLarge - held.get();
  }

  private boolean hasRoomOnConnection(CallShare share, long wanted) {
    long others = share.connection().large() - share.large;
    return others == 0 || others + share.large + wanted <= bytesOfConnection;
  }

  /** With the lock. */
  Fit takeLarge(CallShare share, long wanted) {
    if (!becomeLarge(share) || !hasRoomOnConnection(share, wanted)) {
      return Fit.NOT_ON_ITS_CONNECTION;
    }
    if (!reserve(held, wanted, bytesForLarge)) {
      return Fit.NOWHERE;
    }
    hold(share, wanted);
    return Fit.TAKEN;
  }

  /** What it held as a small one moves over; false when the call has ended. */
  private static boolean becomeLarge(CallShare share) {
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
    int before = share.large > 0 ? 1 : 0;
    share.large += more;
    share.connection().countLarge((share.large > 0 ? 1 : 0) - before);
    share.connection().addLarge(more);
    share.connection().addSent(share.send(0));
  }

  /** Counts bytes of an answer that is tiny, or was made without asking: there need be no room. */
  void force(CallShare share, long more) {
    for (long state = share.state.get(); isSmall(state, more); state = share.state.get()) {
      if (share.state.compareAndSet(state, state + more)) {
        share.connection().small.addAndGet(more);
        held.addAndGet(more);
        return;
      }
    }
    synchronized (lock) {
      if (becomeLarge(share)) {
        held.addAndGet(more);
        hold(share, more);
      }
    }
  }

  /**
   * Gives so much back, or all that is taken; nothing when the call has ended.
   *
   * @return how much
   */
  long giveBack(CallShare share, long most) {
    for (long state = share.state.get(); state >= 0; state = share.state.get()) {
      long given = Math.min(state, most);
      if (share.state.compareAndSet(state, state - given)) {
        share.connection().small.addAndGet(-given);
        held.addAndGet(-given);
        return given;
      }
    }
    synchronized (lock) {
      // the end of a call gives all back by itself
      long given = share.state.get() == CallShare.LARGE ? Math.min(share.large, most) : 0;
      hold(share, -given);
      held.addAndGet(-given);
      if (share.large == 0) {
        share.state.compareAndSet(CallShare.LARGE, 0);
      }
      return given;
    }
  }

  /** What is taken; less than nothing when the call has ended. */
  long taken(CallShare share) {
    long state = share.state.get();
    if (state != CallShare.LARGE) {
      return state;
    }
    synchronized (lock) {
      return share.large;
    }
  }

  /** So many bytes of a call's answer were handed over to be sent: from now on they must move. */
  void sent(CallShare share, long more) {
    if (share.state.get() == CallShare.LARGE) {
      synchronized (lock) {
        share.connection().addSent(share.send(more));
      }
    }
  }

  /** Gives all back that a call holds, for good. */
  void end(CallShare share) {
    long before = share.state.getAndSet(CallShare.ENDED);
    if (before == CallShare.LARGE) {
      synchronized (lock) {
        held.addAndGet(-share.large);
        hold(share, -share.large);
      }
    } else if (before > 0) {
      share.connection().small.addAndGet(-before);
      held.addAndGet(-before);
    }
  }
}
