package io.balsa.budget;

import java.util.concurrent.atomic.AtomicLong;

/** A limit for the bytes that many calls hold together. Any thread may call every method. */
public final class ByteBound {
  private final AtomicLong held = new AtomicLong();
  private final long max;

  /**
   * A limit with no bytes held.
   *
   * @param max the most bytes that may be held
   */
  public ByteBound(long max) {
    this.max = max;
  }

  /** Counts more bytes; false if they would exceed the limit, and then it counts none. */
  public boolean take(long bytes) {
    boolean fits = held.addAndGet(bytes) <= max;
    if (!fits) {
      held.addAndGet(-bytes);
    }
    return fits;
  }

  /** Counts bytes as no longer held. */
  public void giveBack(long bytes) {
    held.addAndGet(-bytes);
  }

  /** The bytes that are held. */
  public long held() {
    return held.get();
  }
}
