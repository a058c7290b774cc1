package io.balsa.raft;

import io.balsa.bytes.Check;
import java.util.ArrayDeque;

/**
 * Numbers the persists of the log, and tracks the durable index.
 *
 * <p>A persist under way has the last index of its entries that is still in the log. Truncation
 * lowers that and the durable index. So when the persist ends, an entry that was overwritten
 * meanwhile does not count as its successor.
 */
final class Persists {
  private static final class Persist {
    final long number;
    long upTo;

    Persist(long number, long upTo) {
      this.number = number;
      this.upTo = upTo;
    }
  }

  private final ArrayDeque<Persist> underWay = new ArrayDeque<>();
  private long newest;
  private long durableIndex;

  /** Begins with a log that is durable up to an index. */
  Persists(long durableIndex) {
    this.durableIndex = durableIndex;
  }

  /**
   * Begins a persist and returns its number.
   *
   * @param upTo the index of the last entry written; 0 when the persist has none
   */
  long begin(long upTo) {
    underWay.add(new Persist(++newest, upTo));
    return newest;
  }

  /** The persist with a number, and all before it, are durable. */
  void end(long number) {
    Check.that(number <= newest, "only a persist that began ends");
    while (!underWay.isEmpty() && underWay.element().number <= number) {
      durableIndex = Math.max(durableIndex, underWay.remove().upTo);
    }
  }

  /** The log was truncated after an index. */
  void truncate(long last) {
    durableIndex = Math.min(durableIndex, last);
    for (Persist persist : underWay) {
      persist.upTo = Math.min(persist.upTo, last);
    }
  }

  /** The number of the persist that makes the log durable up to an index; 0 when it is durable. */
  long covering(long index) {
    if (index <= durableIndex) {
      return 0;
    }
    for (Persist persist : underWay) {
      if (persist.upTo >= index) {
        return persist.number;
      }
    }
    throw new IllegalStateException("every entry was written");
  }

  /** The given number while its persist is under way, otherwise 0. */
  long whileUnderWay(long number) {
    return underWay.isEmpty() || underWay.element().number > number ? 0 : number;
  }

  long durableIndex() {
    return durableIndex;
  }
}
