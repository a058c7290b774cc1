package io.balsa.budget;

import io.grpc.Attributes;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What the budget knows of a connection: what its calls hold, and whether it moves. */
public final class Connection extends RequestBudget.Arriving {
  /** Where a call finds its connection. */
  public static final Attributes.Key<Connection> KEY = Attributes.Key.create("balsa-connection");

  /**
   * One that holds so many times what it moves in a second stands still: it would need a minute.
   */
  private static final int PACE = 64;

  private final Runnable closing;

  /** Calls whose last bytes have not left. */
  public final AtomicInteger calls = new AtomicInteger();

  /** Bytes held by small shares. */
  final AtomicLong small = new AtomicLong();

  /** Bytes held by large shares; guarded by the budget. */
  private long large;

  /** How many of these hold something; guarded by the budget. */
  private int largeShares;

  /** Those of them that were handed over to be sent; guarded by the budget. */
  private long largeSent;

  /** Bytes of answers that were handed to the kernel; written on the connection's event loop. */
  private volatile long moved;

  private volatile boolean closed;

  private long seenMoved;
  private long seenHeld;
  private long seenNanos;
  private boolean seen;
  private boolean wasBeyond;
  private long beyondNanos;
  private long beyondLookedNanos;

  /**
   * @param closing closes it; from any thread
   */
  public Connection(Runnable closing) {
    this.closing = closing;
  }

  long large() {
    return large;
  }

  void addLarge(long bytes) {
    large += bytes;
  }

  void addSent(long bytes) {
    largeSent += bytes;
  }

  /** Bytes that could leave, if the client read; with the budget's lock. */
  long toSend() {
    return small.get() + largeSent;
  }

  /** So many bytes have left; on the connection's event loop. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // written by one thread alone
  public void moved(long bytes) {
    moved += bytes;
  }

  /**
   * Whether it has had bytes to send for so long without moving a fair part of them. Called by the
   * budget's clock alone, now and then, with the lock.
   */
  public boolean standsStill(long nowNanos, long nanos) {
    long held = toSend();
    boolean moves = moved - seenMoved > seenHeld / PACE || held < seenHeld - seenHeld / PACE;
    if (held == 0 || !seen || moves) {
      seen = held > 0;
      seenMoved = moved;
      seenHeld = held;
      seenNanos = nowNanos;
      return false;
    }
    return nowNanos - seenNanos >= nanos;
  }

  /** A large share more, or less, holds something; with the budget's lock. */
  void countLarge(int more) {
    largeShares += more;
  }

  /**
   * Whether it has held more than its part for so long, whether it moves or not. Called as {@link
   * #standsStill}; a pause between two looks begins the time anew.
   *
   * @param partBytes what small shares may hold, and large ones unless there is one alone
   */
  boolean isBeyond(long partBytes, long nowNanos, long nanos) {
    boolean isBeyond = small.get() > partBytes || (largeShares > 1 && large > partBytes);
    if (!wasBeyond || nowNanos - beyondLookedNanos > nanos) {
      beyondNanos = nowNanos;
    }
    wasBeyond = isBeyond;
    beyondLookedNanos = nowNanos;
    return isBeyond && nowNanos - beyondNanos >= nanos;
  }

  public boolean isClosed() {
    return closed;
  }

  /** What arrives over it is not read any more. */
  @Override
  void refuse() {
    close();
  }

  void close() {
    closed = true;
    closing.run();
  }
}
