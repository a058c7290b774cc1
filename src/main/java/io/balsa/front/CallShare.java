package io.balsa.front;

import io.balsa.bytes.Check;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A call's share. While it is small its number alone says what is taken, and no lock is needed;
 * what a larger one has taken is guarded by the budget's lock.
 */
class CallShare implements Share {
  /** The call has ended. */
  static final long ENDED = -1;

  /** The bytes taken are in {@link #large}. */
  static final long LARGE = -2;

  private final AnswerBudget budget;
  private final Connection connection;

  /** Bytes taken, or {@link #ENDED}, or {@link #LARGE}. */
  final AtomicLong state = new AtomicLong();

  /** Bytes taken by a large share; guarded by the budget. */
  long large;

  /** How many of these were handed over to be sent; guarded by the budget. */
  private long sent;

  /** Whether a take of it may be waiting. */
  volatile boolean waits;

  CallShare(AnswerBudget budget, Connection connection) {
    this.budget = budget;
    this.connection = connection;
  }

  Connection connection() {
    return connection;
  }

  /**
   * So many bytes more are on their way; with the budget's lock.
   *
   * @return by how much the number of those held that are on their way changes
   */
  long send(long more) {
    long before = sent;
    sent = Math.min(large, before + more);
    return sent - before;
  }

  @Override
  public long bytesMax() {
    return budget.bytesMax();
  }

  @Override
  public boolean tryTake(long bytes) {
    Check.that(bytes >= 0, "a take is of no less than nothing");
    return budget.tryTake(this, bytes);
  }

  @Override
  public void take(long bytes, Consumer<Boolean> done) {
    Check.that(bytes >= 0, "a take is of no less than nothing");
    budget.take(this, bytes, done);
  }

  @Override
  public void giveBack(long bytes) {
    Check.that(bytes >= 0, "no less than nothing is given back");
    budget.giveBack(this, bytes);
  }

  @Override
  public void end() {
    budget.end(this);
  }

  @Override
  public boolean isGone() {
    return state.get() == ENDED;
  }
}
