package io.balsa.proxy;

import io.balsa.budget.ByteBound;

/**
 * Limits the memory for the requests of calls with one request. A request counts from its arrival
 * until its call has ended and no server is receiving it. Requests of up to 16 KiB and larger ones
 * have a budget each, so large requests cannot use up the room of small ones. Requests of up to 1
 * KiB are not counted: the number of open calls limits them.
 *
 * <p>Any thread may call every method.
 */
final class UnaryRequestBudget {
  /** The size of the largest request that is not counted. */
  static final int UNCOUNTED_BYTES = 1 << 10;

  private static final int SMALL_BYTES = 16 << 10;

  private final ByteBound small;
  private final ByteBound large;

  /**
   * A budget.
   *
   * @param bytes the most bytes that requests of up to 16 KiB take together; larger ones have as
   *     much
   */
  UnaryRequestBudget(long bytes) {
    this.small = new ByteBound(bytes);
    this.large = new ByteBound(bytes);
  }

  /** An eighth of the heap for each kind. */
  static UnaryRequestBudget ofProcess() {
    return new UnaryRequestBudget(Runtime.getRuntime().maxMemory() / 8);
  }

  /** Takes room for a request; false when there is none. */
  boolean take(int bytes) {
    return bytes <= UNCOUNTED_BYTES || of(bytes).take(bytes);
  }

  /** Gives the room of a request back. */
  void giveBack(int bytes) {
    if (bytes > UNCOUNTED_BYTES) {
      of(bytes).giveBack(bytes);
    }
  }

  private ByteBound of(int bytes) {
    return bytes <= SMALL_BYTES ? small : large;
  }

  /** The bytes that are taken now. */
  long held() {
    return small.held() + large.held();
  }
}
