package io.balsa.audit;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Records that wait to be written. Half of the room is kept for records of users and of what was
 * done: refused calls without a user never take it.
 */
final class AuditQueue {
  private final int recordsMax;
  private final long bytesMax;
  private final BlockingQueue<AuditRecord> waiting;
  private final AtomicLong bytes = new AtomicLong();

  /** An empty queue. */
  AuditQueue(int recordsMax, long bytesMax) {
    this.recordsMax = recordsMax;
    this.bytesMax = bytesMax;
    this.waiting = new ArrayBlockingQueue<>(recordsMax);
  }

  /**
   * Adds a record; never waits.
   *
   * @param stranger whether it is of a refused call without a user
   * @return false if there is no room
   */
  boolean offer(AuditRecord record, boolean stranger) {
    int part = stranger ? 2 : 1;
    long more = record.bytes();
    if (bytes.get() + more > bytesMax / part || waiting.size() >= recordsMax / part) {
      return false;
    }
    bytes.addAndGet(more);
    boolean added = waiting.offer(record);
    if (!added) {
      bytes.addAndGet(-more);
    }
    return added;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /**
   * Takes what waits, or waits for a record.
   *
   * @param millis how long to wait for one
   * @param most how many to take
   */
  void take(List<AuditRecord> into, long millis, int most) throws InterruptedException {
    AuditRecord first = waiting.poll(millis, TimeUnit.MILLISECONDS);
    if (first != null) {
      into.add(first);
      waiting.drainTo(into, most - 1);
      into.forEach(each -> bytes.addAndGet(-each.bytes()));
    }
  }
}
