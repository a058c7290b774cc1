package io.balsa.budget;

import io.grpc.Attributes;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A connection as the budget sees it: the bytes that its calls hold, and whether bytes leave. */
public final class Connection extends RequestBudget.Arriving {
  /** The attribute of a call that has its connection. */
  public static final Attributes.Key<Connection> KEY = Attributes.Key.create("balsa-connection");

  /**
   * A connection that holds this many times the bytes that it moves in a second stands still. It
   * would need a minute.
   */
  private static final int PACE = 64;

  private final Runnable closing;

  /** The calls whose last bytes have not left. */
  public final AtomicInteger calls = new AtomicInteger();

  /** Bytes of requests that have not arrived completely; {@link RequestBudget} counts them. */
  final AtomicLong unfinished = new AtomicLong();

  /** Bytes held by small shares. */
  final AtomicLong small = new AtomicLong();

  /** Bytes held by large shares; guarded by the budget. */
  private long large;

  /** The number of large shares that hold bytes; guarded by the budget. */
  private int largeShares;

  /** Bytes of large shares that were passed on to be sent; guarded by the budget. */
  private long largeSent;

  /** Bytes of answers that the kernel has taken; only the connection's event loop writes it. */
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
   * @param closing closes the connection; called from any thread
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

  /** The bytes that would leave if the client read; with the budget's lock. */
  long toSend() {
    return small.get() + largeSent;
  }

  /** Counts bytes that have left; on the connection's event loop. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes it
  public void moved(long bytes) {
    moved += bytes;
  }

  /**
   * Whether the connection had bytes to send for this time and moved less than {@link #PACE}
   * demands. Only the budget's timer calls it, with the lock.
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

  /** Changes the number of large shares that hold bytes; with the budget's lock. */
  void countLarge(int more) {
    largeShares += more;
  }

  /**
   * Whether the connection has held more than its part for this time, even if bytes leave. Called
   * as {@link #standsStill}. A pause between two checks restarts the time.
   *
   * @param partBytes what small shares may hold, and what two or more large shares may hold
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

  @Override
  Connection connection() {
    return this;
  }

  /** Closes the connection, because too many bytes arrive over it. */
  @Override
  void refuse() {
    close();
  }

  void close() {
    closed = true;
    closing.run();
  }
}
