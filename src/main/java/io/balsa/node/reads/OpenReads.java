package io.balsa.node.reads;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the reads that are open in this server, and the bytes of their requests. */
final class OpenReads {
  /** Further reads fail with {@code TOO_MANY_REQUESTS}. */
  private static final int READS_MAX = 100_000;

  private static final long BYTES_MAX = 32 << 20;

  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  boolean hasRoomFor(OpenRead<?> read) {
    return reads.get() < READS_MAX && bytes.get() + read.bytes() <= BYTES_MAX;
  }

  void enter(OpenRead<?> read) {
    reads.incrementAndGet();
    bytes.addAndGet(read.bytes());
  }

  void leave(OpenRead<?> read) {
    reads.decrementAndGet();
    bytes.addAndGet(-read.bytes());
  }
}
