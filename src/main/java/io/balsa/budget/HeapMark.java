package io.balsa.budget;

import io.balsa.bytes.Check;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryNotificationInfo;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import javax.management.NotificationEmitter;

/**
 * Tells whether the objects that survived the last collection of the heap's old part fill more of
 * it than a mark. While they do, large reads are refused.
 *
 * <p>The JVM tells when the mark is passed, so a request only reads a field. While the mark is
 * passed, a timer looks whether it still is. The JVM measures only at a collection, and without
 * large reads there may be none for long. So the timer asks for one: after five seconds, and each
 * time after twice as long, at most five minutes. A collection of a large heap stops the process
 * for seconds, and a heap may stay full for hours.
 */
public final class HeapMark {
  /** No mark: large reads are never refused. */
  public static final HeapMark NONE = new HeapMark(() -> 0, Long.MAX_VALUE, BudgetClock.real());

  /** The default mark, in percent of the heap's old part. */
  public static final int PERCENT = 85;

  private static final long LOOK_NANOS = 250_000_000L;
  private static final long COLLECT_NANOS = 5_000_000_000L;
  private static final long COLLECT_NANOS_MAX = 300_000_000_000L;
  private static final int PERCENT_MAX = 100;

  private final LongSupplier survivors;
  private final long mark;
  private final BudgetClock clock;
  private final Runnable collect;
  private final AtomicBoolean looking = new AtomicBoolean();
  private final LongAdder refused = new LongAdder();
  private volatile boolean passed;
  private volatile long collectAtNanos;
  private volatile long collectNanos = COLLECT_NANOS;

  private HeapMark(LongSupplier survivors, long mark, BudgetClock clock) {
    this(survivors, mark, clock, System::gc);
  }

  /**
   * A mark.
   *
   * @param survivors the bytes that survived the last collection
   * @param mark in bytes
   * @param collect asks for a collection
   */
  HeapMark(LongSupplier survivors, long mark, BudgetClock clock, Runnable collect) {
    this.survivors = survivors;
    this.mark = mark;
    this.clock = clock;
    this.collect = collect;
  }

  /**
   * A mark for this process.
   *
   * @param percent of the heap's old part, from 0 to 100; 0 for {@link #NONE}
   */
  public static HeapMark ofProcess(int percent) {
    Check.that(percent >= 0 && percent <= PERCENT_MAX, "a part of the heap in percent");
    Optional<MemoryPoolMXBean> old = percent == 0 ? Optional.empty() : oldPart();
    if (old.isEmpty()) {
      return NONE;
    }
    MemoryPoolMXBean pool = old.get();
    long bytes = pool.getUsage().getMax() / PERCENT_MAX * percent;
    HeapMark heap = new HeapMark(() -> survivorsIn(pool), bytes, BudgetClock.real());
    pool.setCollectionUsageThreshold(bytes);
    if (ManagementFactory.getMemoryMXBean() instanceof NotificationEmitter emitter) {
      emitter.addNotificationListener(
          (_, _) -> heap.look(),
          told ->
              told.getType().equals(MemoryNotificationInfo.MEMORY_COLLECTION_THRESHOLD_EXCEEDED),
          null);
    }
    return heap;
  }

  /** The part of the heap for objects that live long; some collectors have none. */
  private static Optional<MemoryPoolMXBean> oldPart() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .filter(MemoryPoolMXBean::isUsageThresholdSupported)
        .filter(MemoryPoolMXBean::isCollectionUsageThresholdSupported)
        .filter(pool -> pool.getUsage().getMax() > 0)
        .findFirst();
  }

  private static long survivorsIn(MemoryPoolMXBean pool) {
    MemoryUsage usage = pool.getCollectionUsage();
    return usage == null ? 0 : usage.getUsed();
  }

  /** Whether the mark is passed. */
  public boolean isPassed() {
    return passed;
  }

  /** Whether a large read may begin; a refusal is counted. */
  boolean admits() {
    boolean admitted = !passed;
    if (!admitted) {
      refused.increment();
    }
    return admitted;
  }

  /** How many large reads were refused. */
  public long refused() {
    return refused.sum();
  }

  /** Compares the survivors with the mark; on any thread, after a collection. */
  void look() {
    boolean now = survivors.getAsLong() > mark;
    if (now && !passed) {
      collectNanos = COLLECT_NANOS;
      collectAtNanos = clock.nanos() + collectNanos;
    }
    passed = now;
    if (now && looking.compareAndSet(false, true)) {
      clock.after(LOOK_NANOS, this::lookAgain);
    }
  }

  private void lookAgain() {
    looking.set(false);
    if (clock.nanos() - collectAtNanos >= 0) {
      collectNanos = Math.min(2 * collectNanos, COLLECT_NANOS_MAX);
      collectAtNanos = clock.nanos() + collectNanos;
      collect.run();
    }
    look();
  }
}
