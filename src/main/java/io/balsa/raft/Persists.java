package io.balsa.raft;

import io.balsa.bytes.Check;
import java.util.ArrayDeque;

/**
 * Numbers the writes and knows what of the log is durable.
 *
 * <p>A write under way remembers up to which index its entries are still in the log. Truncation
 * clips that and the durable index, so that when the write ends, an entry overwritten meanwhile is
 * never taken for its successor.
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

  /** Everything up to an index is durable. */
  Persists(long durableIndex) {
    this.durableIndex = durableIndex;
  }

  /**
   * Numbers a write.
   *
   * @param upTo the last entry written; 0 when it has none
   */
  long begin(long upTo) {
    underWay.add(new Write(++newest, upTo));
    return newest;
  }

  /** The write of a number, and all before it, are durable. */
  void end(long number) {
    Check.that(number <= newest, "only what was begun ends");
    while (!underWay.isEmpty() && underWay.element().number <= number) {
      durableIndex = Math.max(durableIndex, underWay.remove().upTo);
    }
  }

  /** The log lost everything after an index. */
  void truncate(long last) {
    durableIndex = Math.min(durableIndex, last);
    for (Write write : underWay) {
      write.upTo = Math.min(write.upTo, last);
    }
  }

  /** The number to wait for until the log is durable up to an index; 0 when it is. */
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

  /** The number itself while its write is under way, otherwise 0. */
  long whileUnderWay(long number) {
    return underWay.isEmpty() || underWay.element().number > number ? 0 : number;
  }

  long durableIndex() {
    return durableIndex;
  }
}
