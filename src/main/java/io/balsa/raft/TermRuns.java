package io.balsa.raft;

import io.balsa.bytes.Check;
import java.util.Arrays;

/**
 * The term of every entry of the log, as runs. Terms grow along a log, so the first index of each
 * term is enough.
 */
final class TermRuns {
  private LogPosition start;
  private long[] firsts = new long[8];
  private long[] terms = new long[8];
  private int size;

  /** A log without entries after a place. */
  TermRuns(LogPosition start) {
    this.start = start;
  }

  /** Adds an entry at the end. */
  void append(long index, long term) {
    if (size > 0 && firsts[size - 1] == index) {
      size--; // an empty run: the log was compacted up to its end
    }
    long lastTerm = size == 0 ? start.term() : terms[size - 1];
    Check.that(term >= lastTerm, "terms only grow along the log");
    if (size > 0 && term == lastTerm) {
      return;
    }
    if (size == firsts.length) {
      firsts = Arrays.copyOf(firsts, 2 * size);
      terms = Arrays.copyOf(terms, 2 * size);
    }
    firsts[size] = index;
    terms[size] = term;
    size++;
  }

  /** The term at an index from {@code start} to the end. */
  long termAt(long index) {
    int run = runOf(index);
    return run < 0 ? start.term() : terms[run];
  }

  /** The last place at or before an index whose term is at most the given one; or {@code start}. */
  LogPosition lastAtMost(long index, long term) {
    long end = index;
    for (int run = runOf(index); run >= 0; run--) {
      if (terms[run] <= term) {
        return new LogPosition(end, terms[run]);
      }
      end = firsts[run] - 1;
    }
    return start;
  }

  /** Drops all entries after an index. */
  void truncate(long last) {
    while (size > 0 && firsts[size - 1] > last) {
      size--;
    }
  }

  /**
   * Drops all entries up to a place, the new start.
   *
   * @param last the end of the log
   */
  void compact(LogPosition newStart, long last) {
    int gone = newStart.index() == last ? size : 0;
    while (gone + 1 < size && firsts[gone + 1] <= newStart.index() + 1) {
      gone++;
    }
    System.arraycopy(firsts, gone, firsts, 0, size - gone);
    System.arraycopy(terms, gone, terms, 0, size - gone);
    size -= gone;
    if (size > 0) {
      firsts[0] = Math.max(firsts[0], newStart.index() + 1);
    }
    start = newStart;
  }

  private int runOf(long index) {
    if (size > 0 && index >= firsts[size - 1]) {
      return size - 1;
    }
    int found = Arrays.binarySearch(firsts, 0, size, index);
    return found >= 0 ? found : -found - 2;
  }
}
