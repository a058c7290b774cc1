package io.balsa.raft;

import io.balsa.bytes.Check;
import java.util.ArrayDeque;

/**
 * Numbers the writes to the log, and tracks the durable index.
 *
 * <p>A write under way has the last index of its entries that is still in the log. Truncation
 * lowers that and the durable index. So when the write ends, an entry that was overwritten
 * meanwhile does not count as its successor.
 */
final class Persists {
  private static final class Write {
    final long number;
    long upTo;

    Write(long number, long upTo) {
      this.number = number;
      this.upTo = upTo;
    }
  }

  private final ArrayDeque<Write> underWay = new ArrayDeque<>();
  private long newest;
  private long durableIndex;

  /** Begins with a log that is durable up to an index. */
  Persists(long durableIndex) {
    this.durableIndex = durableIndex;
  }

  /**
   * Begins a write and returns its number.
   *
   * @param upTo the index of the last entry written; 0 when the write has none
   */
  long begin(long upTo) {
    underWay.add(new Write(++newest, upTo));
    return newest;
  }

  /** The write with a number, and all before it, are durable. */
  void end(long number) {
    Check.that(number <= newest, "only a write that began ends");
    while (!underWay.isEmpty() && underWay.element().number <= number) {
      durableIndex = Math.max(durableIndex, underWay.remove().upTo);
    }
  }

  /** The log was truncated after an index. */
  void truncate(long last) {
    durableIndex = Math.min(durableIndex, last);
    for (Write write : underWay) {
      write.upTo = Math.min(write.upTo, last);
    }
  }

  /** The number of the write that makes the log durable up to an index; 0 when it is durable. */
  long covering(long index) {
    if (index <= durableIndex) {
      return 0;
    }
    for (Write write : underWay) {
      if (write.upTo >= index) {
        return write.number;
      }
    }
    throw new IllegalStateException("every entry was written");
  }

  /** The given number while its write is under way, otherwise 0. */
  long whileUnderWay(long number) {
    return underWay.isEmpty() || underWay.element().number > number ? 0 : number;
  }

  long durableIndex() {
    return durableIndex;
  }
}
