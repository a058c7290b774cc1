package io.balsa.node.writes;

import io.balsa.bytes.Check;
import io.balsa.lanes.Outcome;
import io.balsa.model.Command.Op;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Writes that cost much, on their way to the log: transactions over ranges or with many reads,
 * deletions that answer with what they delete, deletions beside a large one, and large writes.
 *
 * <p>Few of them go at a time, in the order in which they came, so that they never fill the log or
 * the apply lane before small writes. A read lane looks at the cost of each before it is proposed,
 * if the cost does not show. From any thread.
 */
final class HeavyQueue {
  /** So many may wait. Further ones fail with {@code TOO_MANY_REQUESTS}. */
  static final int WAITING_MAX = 256;

  /** What the queue needs of the server. */
  interface Needs {
    /**
     * Looks at what a command would cost.
     *
     * @param toWeigh the command's operation: a transaction or a deletion
     * @param light called when the command may be proposed. Either this or {@code ended} is called,
     *     once, on any thread
     * @param ended called when the command may not be proposed, with what its client is told
     */
    void weigh(HeavyCommand heavy, Op toWeigh, Runnable light, Consumer<Outcome> ended);

    /** Proposes a command. */
    void propose(HeavyCommand heavy, Consumer<Outcome> done);
  }

  private final Needs server;
  private final int atOnce;
  private final long bytesMax;
  private final ConcurrentLinkedQueue<HeavyCommand> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waitingCount = new AtomicInteger();
  private final AtomicLong waitingBytes = new AtomicLong();
  private final AtomicInteger underWay = new AtomicInteger();
  private volatile boolean closed;

  /**
   * A queue without writes.
   *
   * @param atOnce so many are under way in one server at most
   * @param bytesMax so many bytes may wait. Further writes fail with {@code TOO_MANY_REQUESTS}
   */
  HeavyQueue(Needs server, int atOnce, long bytesMax) {
    this.server = server;
    this.atOnce = atOnce;
    this.bytesMax = bytesMax;
  }

  /** Takes a write in, or refuses it when too many wait. */
  void add(HeavyCommand heavy) {
    int count = waitingCount.incrementAndGet();
    long bytes = waitingBytes.addAndGet(heavy.encoded().size());
    if (count > WAITING_MAX || bytes > bytesMax) {
      discount(heavy);
      fail(heavy, Outcome.Failure.TOO_MANY_REQUESTS);
      return;
    }
    waiting.add(heavy);
    if (closed) {
      close();
    }
    advance();
  }

  /** Whether no write waits. Those under way are among the proposals or the reads. */
  boolean isEmpty() {
    return waiting.isEmpty();
  }

  private void advance() {
    while (!waiting.isEmpty()) {
      int taken = underWay.get();
      if (taken >= atOnce) {
        return;
      }
      if (underWay.compareAndSet(taken, taken + 1)) {
        HeavyCommand next = waiting.poll();
        if (next == null || !begin(next)) {
          underWay.decrementAndGet();
        }
      }
    }
  }

  /** Begins a write; false when its client has left. */
  private boolean begin(HeavyCommand heavy) {
    discount(heavy);
    if (heavy.room().clientLeft()) {
      fail(heavy, Outcome.Failure.CANCELLED);
      return false;
    }
    Op toWeigh = heavy.toWeigh();
    if (toWeigh == null) {
      propose(heavy);
    } else {
      server.weigh(heavy, toWeigh, () -> propose(heavy), outcome -> end(heavy, outcome));
    }
    return true;
  }

  private void propose(HeavyCommand heavy) {
    server.propose(heavy, outcome -> end(heavy, outcome));
  }

  /** Frees the write's place for the next one, also when the client cannot be told. */
  private void end(HeavyCommand heavy, Outcome outcome) {
    if (heavy.leave()) {
      int left = underWay.decrementAndGet();
      Check.that(left >= 0, "a write that ends was under way");
      advance();
    }
    heavy.answer(outcome);
  }

  /**
   * Fails the writes that wait and are overdue, or whose client has left.
   *
   * @param knowsLeader whether this server knows a leader
   */
  void expire(long nowNanos, boolean knowsLeader) {
    for (HeavyCommand heavy : waiting) {
      boolean overdue = nowNanos - heavy.deadlineNanos() >= 0;
      if ((overdue || heavy.room().clientLeft()) && waiting.remove(heavy)) {
        discount(heavy);
        fail(heavy, overdue ? overdue(knowsLeader) : Outcome.Failure.CANCELLED);
      }
    }
  }

  private static Outcome.Failure overdue(boolean knowsLeader) {
    return knowsLeader ? Outcome.Failure.TOO_MANY_REQUESTS : Outcome.Failure.NO_LEADER;
  }

  private static void fail(HeavyCommand heavy, Outcome.Failure failure) {
    heavy.answer(new Outcome.Failed(failure));
  }

  private void discount(HeavyCommand heavy) {
    waitingCount.decrementAndGet();
    waitingBytes.addAndGet(-heavy.encoded().size());
  }

  /** Fails all writes that wait, and all that come later. */
  void close() {
    closed = true;
    for (HeavyCommand next = waiting.poll(); next != null; next = waiting.poll()) {
      discount(next);
      fail(next, Outcome.Failure.STOPPED);
    }
  }
}
