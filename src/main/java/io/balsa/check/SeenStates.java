package io.balsa.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;

/**
 * The cache of Lowe's search: which operations were placed with which state after them. Operations
 * are placed about in the order of their calls. So the cache keeps only the bits between the first
 * gap and the last placed operation.
 *
 * <p>Operations of unknown outcome are optional. Take two entries with the same state and the same
 * certain operations. The one that has used a superset of the optional operations counts as seen:
 * the other one has every continuation that it has.
 */
final class SeenStates<S> {
  private static final long ENTRY_BYTES = 200;
  private static final long USED_BYTES = 40;

  private final HashMap<Seen, List<long[]>> seen = new HashMap<>();
  private final int certain;
  private long bytes;

  /**
   * An empty cache.
   *
   * @param certain the number of certain operations, which come first
   */
  SeenStates(int certain) {
    this.certain = certain;
  }

  /** Adds an entry; false when the cache has it, or one that dominates it. */
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

  /** The approximate size in bytes. */
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
