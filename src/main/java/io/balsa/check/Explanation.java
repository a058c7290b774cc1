package io.balsa.check;

import org.jspecify.annotations.Nullable;

/**
 * Where one way to explain a history stands: the value, and for each operation that has been called
 * and has not returned whether it is done or still open, a bit each. Neither bit says free: the
 * operation may be taken for done already or not, as the rest of the history likes it.
 *
 * <p>So fewer bits are better: who has a part of another's bits, and the same value, can follow
 * wherever that one goes.
 */
final class Explanation {
  /**
   * A write that was done on the way here.
   *
   * @param event the place of the return just before which it was done
   */
  record Link(@Nullable Link before, int event, int operation) {}

  final int state;
  final @Nullable Link path;

  /** The row of done bits, then the row of open bits. */
  private final long[] bits;

  private final int words;

  private Explanation(int state, long[] bits, @Nullable Link path) {
    this.state = state;
    this.bits = bits;
    this.words = bits.length / 2;
    this.path = path;
  }

  /** Nothing was called, and nothing is there. */
  static Explanation initial(int words) {
    return new Explanation(RegisterAct.NOTHING, new long[2 * words], null);
  }

  /** What one takes, about, in bytes. */
  static long bytes(int words) {
    return 150 + 16L * words;
  }

  boolean isDone(int slot) {
    return BitRow.has(bits, slot);
  }

  boolean isOpen(int slot) {
    return BitRow.has(bits, 64 * words + slot);
  }

  boolean isAnyOpen(long[] slots) {
    for (int i = 0; i < words; i++) {
      if ((bits[words + i] & slots[i]) != 0) {
        return true;
      }
    }
    return false;
  }

  Explanation withOpen(int slot) {
    long[] more = bits.clone();
    BitRow.set(more, 64 * words + slot);
    return new Explanation(state, more, path);
  }

  Explanation without(int slot) {
    if (!isDone(slot) && !isOpen(slot)) {
      return this;
    }
    long[] rest = bits.clone();
    BitRow.clear(rest, slot);
    BitRow.clear(rest, 64 * words + slot);
    return new Explanation(state, rest, path);
  }

  /** A write was done, which left this value and closed some that were open. */
  Explanation after(int slot, int value, long[] closed, Link link) {
    Explanation after = afterTreat(value, closed, link);
    BitRow.set(after.bits, slot);
    BitRow.clear(after.bits, 64 * words + slot);
    return after;
  }

  /** The same of a write that can be done again. */
  Explanation afterTreat(int value, long[] closed, Link link) {
    long[] after = bits.clone();
    for (int i = 0; i < words; i++) {
      after[words + i] &= ~closed[i];
    }
    return new Explanation(value, after, link);
  }

  /** How many are done or open; who is better than another has fewer. */
  int weight() {
    int weight = 0;
    for (long word : bits) {
      weight += Long.bitCount(word);
    }
    return weight;
  }

  /** The done bits but those of treats, laid over each other. */
  long foldedDone(long[] treats) {
    long folded = 0;
    for (int i = 0; i < words; i++) {
      folded |= bits[i] & ~treats[i];
    }
    return folded;
  }

  /** The open bits, laid over each other. */
  long foldedOpen() {
    long folded = 0;
    for (int i = words; i < bits.length; i++) {
      folded |= bits[i];
    }
    return folded;
  }

  /** Whether this one can follow wherever the other, of the same value, goes. */
  boolean isAsGoodAs(Explanation other) {
    for (int i = 0; i < bits.length; i++) {
      if ((bits[i] & ~other.bits[i]) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether it is so but for the treats, of which it has not eaten more, perhaps others. */
  boolean isAboutAsGoodAs(Explanation other, long[] treats) {
    int left = 0;
    for (int i = 0; i < words; i++) {
      long surplus = bits[i] & ~other.bits[i] & ~treats[i];
      if ((surplus | (bits[words + i] & ~other.bits[words + i])) != 0) {
        return false;
      }
      left += Long.bitCount(other.bits[i] & treats[i]) - Long.bitCount(bits[i] & treats[i]);
    }
    return left >= 0;
  }
}
