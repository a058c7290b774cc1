package io.balsa.check;

import org.jspecify.annotations.Nullable;

/**
 * A configuration of just-in-time linearization (Lowe 2017): the register's value, and for each
 * pending operation a done bit and an open bit. Done: it has been linearized. Open: it has not
 * been. Neither: free, it may count as linearized or not, as the rest of the history needs.
 *
 * <p>Fewer bits are better: a configuration with the same value and a subset of another's bits
 * dominates it. Every continuation of the other is also one of its own.
 */
final class PartialLinearization {
  /**
   * The last linearized write, and the writes before it.
   *
   * @param event the index of the return event just before which the write was linearized
   */
  record Link(@Nullable Link before, int event, int operation) {}

  final int state;
  final @Nullable Link path;

  /** The row of done bits, then the row of open bits. */
  private final long[] bits;

  private final int words;

  private PartialLinearization(int state, long[] bits, @Nullable Link path) {
    this.state = state;
    this.bits = bits;
    this.words = bits.length / 2;
    this.path = path;
  }

  /** No pending operation, and a register without a value. */
  static PartialLinearization initial(int words) {
    return new PartialLinearization(RegisterAction.NOTHING, new long[2 * words], null);
  }

  /** The approximate size of one configuration in bytes. */
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

  PartialLinearization withOpen(int slot) {
    long[] more = bits.clone();
    BitRow.set(more, 64 * words + slot);
    return new PartialLinearization(state, more, path);
  }

  PartialLinearization without(int slot) {
    if (!isDone(slot) && !isOpen(slot)) {
      return this;
    }
    long[] rest = bits.clone();
    BitRow.clear(rest, slot);
    BitRow.clear(rest, 64 * words + slot);
    return new PartialLinearization(state, rest, path);
  }

  /** The configuration after a write, which clears the open bits of {@code closed}. */
  PartialLinearization after(int slot, int value, long[] closed, Link link) {
    PartialLinearization after = afterOptional(value, closed, link);
    BitRow.set(after.bits, slot);
    BitRow.clear(after.bits, 64 * words + slot);
    return after;
  }

  /** The same for an optional write that may be linearized again. */
  PartialLinearization afterOptional(int value, long[] closed, Link link) {
    long[] after = bits.clone();
    for (int i = 0; i < words; i++) {
      after[words + i] &= ~closed[i];
    }
    return new PartialLinearization(value, after, link);
  }

  /** The number of bits; a configuration that dominates another one has fewer. */
  int weight() {
    int weight = 0;
    for (long word : bits) {
      weight += Long.bitCount(word);
    }
    return weight;
  }

  /** The done bits without those of optional writes, folded (by OR) to one word. */
  long foldedDone(long[] optionalWrites) {
    long folded = 0;
    for (int i = 0; i < words; i++) {
      folded |= bits[i] & ~optionalWrites[i];
    }
    return folded;
  }

  /** The open bits, folded to one word. */
  long foldedOpen() {
    long folded = 0;
    for (int i = words; i < bits.length; i++) {
      folded |= bits[i];
    }
    return folded;
  }

  /** Whether every continuation of another configuration with this value is one of this, too. */
  boolean dominates(PartialLinearization other) {
    for (int i = 0; i < bits.length; i++) {
      if ((bits[i] & ~other.bits[i]) != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether it dominates the other when optional writes are only counted: it used no more of them,
   * but perhaps different ones.
   */
  boolean dominatesThriftily(PartialLinearization other, long[] optionalWrites) {
    int left = 0;
    for (int i = 0; i < words; i++) {
      long surplus = bits[i] & ~other.bits[i] & ~optionalWrites[i];
      if ((surplus | (bits[words + i] & ~other.bits[words + i])) != 0) {
        return false;
      }
      left +=
          Long.bitCount(other.bits[i] & optionalWrites[i])
              - Long.bitCount(bits[i] & optionalWrites[i]);
    }
    return left >= 0;
  }
}
