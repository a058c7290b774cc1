package io.balsa.proxy;

import io.balsa.budget.ByteBound;

/**
 * Room for the requests of calls that say one thing: from their arrival until their call has ended
 * and no server is being sent them. Requests of up to 16 KiB have as much room as all larger ones,
 * so that these shut none of them out; the smallest are bounded by the number of open calls.
 *
 * <p>Any thread may call every method.
 */
final class RequestBudget {
  /** So small a request is not counted. */
  static final int UNCOUNTED_BYTES = 1 << 10;

  private static final int SMALL_BYTES = 16 << 10;

  private final ByteBound small;
  private final ByteBound large;

  /**
   * Some room.
   *
   * @param bytes the most that requests of up to 16 KiB take together, and that larger ones take
   */
  RequestBudget(long bytes) {
    this.small = new ByteBound(bytes);
    this.large = new ByteBound(bytes);
  }

  /** An eighth of the heap for each kind. */
  static RequestBudget ofProcess() {
    return new RequestBudget(Runtime.getRuntime().maxMemory() / 8);
  }

  /** Takes a request in; false when there is no room for it. */
  boolean take(int bytes) {
    return bytes <= UNCOUNTED_BYTES || of(bytes).take(bytes);
  }

  /** A request that was taken in is gone. */
  void giveBack(int bytes) {
    if (bytes > UNCOUNTED_BYTES) {
      of(bytes).giveBack(bytes);
    }
  }

  private ByteBound of(int bytes) {
    return bytes <= SMALL_BYTES ? small : large;
  }

  /** The bytes that are counted now. */
  long held() {
    return small.held() + large.held();
  }
}
