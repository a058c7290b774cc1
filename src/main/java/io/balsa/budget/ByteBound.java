package io.balsa.budget;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that many calls keep, bounded together. Any thread may call every method. */
public final class ByteBound {
  private final AtomicLong held = new AtomicLong();
  private final long max;

  /**
   * None kept yet.
   *
   * @param max the most bytes there may be
   */
  public ByteBound(long max) {
    this.max = max;
  }

  /** Counts so many bytes more; false when they would be too many, and none are counted. */
  public boolean take(long bytes) {
    boolean fits = held.addAndGet(bytes) <= max;
    if (!fits) {
      held.addAndGet(-bytes);
    }
    return fits;
  }

  /** So many of the bytes that were taken are kept no more. */
  public void giveBack(long bytes) {
    held.addAndGet(-bytes);
  }

  /** How many are counted. */
  public long held() {
    return held.get();
  }
}
