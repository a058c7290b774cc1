package io.balsa.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;

/**
 * Remembers which operations had been placed with which state after them. Operations are placed
 * about in the order of their calls, so of the long row of bits only the part between the first gap
 * and the last bit is kept.
 *
 * <p>Operations of unknown outcome are a treat that need not be eaten: whoever is in the same state
 * with the same certain operations placed and has used up more of the others can do nothing that
 * the other could not, and is as good as seen.
 */
final class SeenStates<S> {
  private static final long ENTRY_BYTES = 200;
  private static final long USED_BYTES = 40;

  private final HashMap<Seen, List<long[]>> seen = new HashMap<>();
  private final int certain;
  private long bytes;

  /** Nothing seen; the first so many operations are certain. */
  SeenStates(int certain) {
    this.certain = certain;
  }

  /** Adds; false when it, or something at least as good, was there. */
  boolean add(long[] placed, S state) {
    long[] certainPlaced = Arrays.copyOf(placed, certain / 64 + 1);
    certainPlaced[certain / 64] &= (1L << (certain % 64)) - 1;
    long[] used = Arrays.copyOfRange(placed, certain / 64, placed.length);
    used[0] &= -(1L << (certain % 64));
    Seen entry = new Seen(certainPlaced, state);
    List<long[]> others = seen.get(entry);
    if (others == null) {
      others = new ArrayList<>(1);
      seen.put(entry, others);
      bytes += ENTRY_BYTES + 8L * entry.words.length;
    }
    if (others.stream().anyMatch(other -> isPartOf(other, used))) {
      return false;
    }
    others.add(used);
    bytes += USED_BYTES + 8L * used.length;
    return true;
  }

  private static boolean isPartOf(long[] part, long[] whole) {
    for (int i = 0; i < part.length; i++) {
      if ((part[i] & ~whole[i]) != 0) {
        return false;
      }
    }
    return true;
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
