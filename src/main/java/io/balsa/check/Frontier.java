package io.balsa.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Keeps only undominated configurations. In thrifty mode, fewer optional (unknown-outcome) writes
 * win, and each value keeps at most a given number, those of least weight; the result may then be
 * incomplete.
 */
final class Frontier {
  private final Map<Integer, Row> byState = new TreeMap<>();
  private final boolean thrifty;
  private final int configurationsMax;
  private final long[] optionalWrites;
  private boolean complete = true;
  private int size;
  private long comparisons;

  /**
   * An empty frontier.
   *
   * @param configurationsMax the most configurations kept for one value
   * @param optionalWrites the bits of operations with unknown outcome
   */
  Frontier(boolean thrifty, int configurationsMax, long[] optionalWrites) {
    this.thrifty = thrifty;
    this.configurationsMax = configurationsMax;
    this.optionalWrites = optionalWrites;
  }

  /**
   * Adds a configuration and drops those that it dominates.
   *
   * @return false when it is dominated itself, or too heavy
   */
  boolean add(PartialLinearization one) {
    Row row = byState.computeIfAbsent(one.state, _ -> new Row());
    long done = one.foldedDone(optionalWrites);
    long open = one.foldedOpen();
    if (row.dominates(one, done, open)) {
      return false;
    }
    size -= row.size;
    row.removeDominated(one, done, open);
    boolean room = row.size < configurationsMax || row.dropOneHeavierThan(one);
    complete &= room;
    if (room) {
      row.add(one, done, open);
    }
    size += row.size;
    return room;
  }

  /** Whether a configuration in here dominates another one. */
  boolean dominates(PartialLinearization one) {
    Row row = byState.get(one.state);
    return row != null && row.dominates(one, one.foldedDone(optionalWrites), one.foldedOpen());
  }

  private boolean isDominating(PartialLinearization one, PartialLinearization other) {
    if (!thrifty) {
      return one.dominates(other);
    }
    boolean thriftily = one.dominatesThriftily(other, optionalWrites);
    complete &= !thriftily || one.dominates(other);
    return thriftily;
  }

  /** Whether every configuration that was dropped was dominated by one that stayed. */
  boolean isComplete() {
    return complete;
  }

  int size() {
    return size;
  }

  /** How many pairs of configurations were compared. */
  long comparisons() {
    return comparisons;
  }

  List<PartialLinearization> all() {
    List<PartialLinearization> all = new ArrayList<>(size);
    byState
        .values()
        .forEach(row -> all.addAll(Arrays.asList(row.configurations).subList(0, row.size)));
    return all;
  }

  /**
   * The configurations with one value, each with its bits folded (by OR) to two words. A
   * configuration with a folded bit that another lacks cannot dominate it, so most comparisons need
   * the folds only.
   */
  private final class Row {
    private PartialLinearization[] configurations = new PartialLinearization[4];
    private long[] folds = new long[8];
    private int size;

    boolean dominates(PartialLinearization one, long done, long open) {
      for (int i = 0; i < size; i++) {
        boolean maybe = ((folds[2 * i] & ~done) | (folds[2 * i + 1] & ~open)) == 0;
        if (maybe && isDominating(configurations[i], one)) {
          comparisons += i + 1;
          return true;
        }
      }
      comparisons += size;
      return false;
    }

    void removeDominated(PartialLinearization one, long done, long open) {
      int kept = 0;
      for (int i = 0; i < size; i++) {
        boolean maybe = ((done & ~folds[2 * i]) | (open & ~folds[2 * i + 1])) == 0;
        if (!maybe || !isDominating(one, configurations[i])) {
          put(kept++, configurations[i], folds[2 * i], folds[2 * i + 1]);
        }
      }
      comparisons += size;
      size = kept;
    }

    void add(PartialLinearization one, long done, long open) {
      if (size == configurations.length) {
        configurations = Arrays.copyOf(configurations, 2 * size);
        folds = Arrays.copyOf(folds, 4 * size);
      }
      put(size++, one, done, open);
    }

    /** Drops the heaviest when another one is lighter; false when it is not. */
    boolean dropOneHeavierThan(PartialLinearization one) {
      int heaviest = 0;
      for (int i = 1; i < size; i++) {
        heaviest = configurations[i].weight() > configurations[heaviest].weight() ? i : heaviest;
      }
      if (configurations[heaviest].weight() <= one.weight()) {
        return false;
      }
      size--;
      complete = false;
      put(heaviest, configurations[size], folds[2 * size], folds[2 * size + 1]);
      return true;
    }

    private void put(int place, PartialLinearization one, long done, long open) {
      configurations[place] = one;
      folds[2 * place] = done;
      folds[2 * place + 1] = open;
    }
  }
}
