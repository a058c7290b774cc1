package io.balsa.check;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Remembers which operations had been placed with which state after them. Operations are placed
 * about in the order of their calls, so of the long row of bits only the part between the first gap
 * and the last bit is kept.
 */
final class SeenStates<S> {
  private static final long ENTRY_BYTES = 160;

  private final Set<Seen> seen = new HashSet<>();
  private long bytes;

  /** Adds; false when it was there. */
  boolean add(long[] placed, S state) {
    Seen entry = new Seen(placed, state);
    boolean added = seen.add(entry);
    if (added) {
      bytes += ENTRY_BYTES + 8L * entry.words.length;
    }
    return added;
  }

  /** What it takes, about. */
  long bytes() {
    return bytes;
  }

  private static final class Seen {
    private final int first;
    private final long[] words;
    private final Object state;
    private final int hash;

    Seen(long[] placed, Object state) {
      int from = 0;
      int to = placed.length;
      while (from < to && placed[from] == -1) {
        from++;
      }
      while (to > from && placed[to - 1] == 0) {
        to--;
      }
      this.first = from;
      this.words = Arrays.copyOfRange(placed, from, to);
      this.state = state;
      this.hash = 31 * (31 * Arrays.hashCode(words) + from) + state.hashCode();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Seen that
          && hash == that.hash
          && first == that.first
          && Arrays.equals(words, that.words)
          && state.equals(that.state);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }
}
