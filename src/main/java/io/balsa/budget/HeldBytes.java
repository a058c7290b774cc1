package io.balsa.budget;

import io.balsa.budget.ReservationQueue.Fit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that shares and connections hold of a budget. Small shares use atomic numbers. The
 * bytes of large shares are guarded by {@link #lock}.
 */
final class HeldBytes {
  private final long bytes;
  private final long bytesForLarge;
  private final long bytesOfConnection;
  private final AtomicLong held = new AtomicLong();

  /** Guards large shares and waiting reservations. */
  final Object lock = new Object();

  HeldBytes(long bytes) {
    this.bytes = bytes;
    this.bytesForLarge = bytes - bytes / 4;
    this.bytesOfConnection = bytes / 8;
  }

  /** A large share may take bytes only while everything held stays within this number. */
  long bytesForLarge() {
    return bytesForLarge;
  }

  /** What a connection may hold in small shares, and in two or more large ones. */
  long bytesOfConnection() {
    return bytesOfConnection;
  }

  long held() {
    return held.get();
  }

  /** Whether less than half of the budget is free. */
  boolean isLittleLeft() {
    return held.get() > bytes / 2;
  }

  /** The held bytes beyond the budget: bytes without a reservation are counted too. */
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
    // the call has ended meanwhile, or its share has become large
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

  /** To be called with the lock. */
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

  /** Makes a share large, with its bytes; false if the call has ended. */
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

  /**
   * Counts bytes of an answer that is tiny or was made without a reservation, even if there is no
   * room.
   */
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
   * Gives at most this many bytes back; none if the call has ended.
   *
   * @return how many bytes it gave back
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
      // the end of a call gives everything back
      long given = share.state.get() == CallShare.LARGE ? Math.min(share.large, most) : 0;
      hold(share, -given);
      held.addAndGet(-given);
      if (share.large == 0) {
        share.state.compareAndSet(CallShare.LARGE, 0);
      }
      return given;
    }
  }

  /** The bytes that a share holds; negative if the call has ended. */
  long taken(CallShare share) {
    long state = share.state.get();
    if (state != CallShare.LARGE) {
      return state;
    }
    synchronized (lock) {
      return share.large;
    }
  }

  /** Notes bytes of an answer that were passed on to be sent; from now on they must move. */
  void sent(CallShare share, long more) {
    if (share.state.get() == CallShare.LARGE) {
      synchronized (lock) {
        share.connection().addSent(share.send(more));
      }
    }
  }

  /** Gives back everything that a call holds; afterwards it can take nothing. */
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
