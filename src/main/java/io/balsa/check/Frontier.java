package io.balsa.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Configurations of which none makes another needless. A thrifty one holds, of two that differ in
 * the treats they have eaten, the one with fewer, and of each value only so many, the lightest. It
 * may so lose the one that would go further, and then says that it is not complete.
 */
final class Frontier {
  private final Map<Integer, Row> byState = new TreeMap<>();
  private final boolean thrifty;
  private final int waysMax;
  private final long[] treats;
  private boolean complete = true;
  private int size;
  private long comparisons;

  Frontier(boolean thrifty, int waysMax, long[] treats) {
    this.thrifty = thrifty;
    this.waysMax = waysMax;
    this.treats = treats;
  }

  /** Adds one, and drops those that it makes needless; false when it is needless itself. */
  boolean add(Explanation one) {
    Row row = byState.computeIfAbsent(one.state, _ -> new Row());
    long done = one.foldedDone(treats);
    long open = one.foldedOpen();
    if (row.covers(one, done, open)) {
      return false;
    }
    size -= row.size;
    row.removeCovered(one, done, open);
    boolean room = row.size < waysMax || row.dropHeavierThan(one);
    complete &= room;
    if (room) {
      row.add(one, done, open);
    }
    size += row.size;
    return room;
  }

  /** Whether one is needless beside those that are here. */
  boolean covers(Explanation one) {
    Row row = byState.get(one.state);
    return row != null && row.covers(one, one.foldedDone(treats), one.foldedOpen());
  }

  private boolean makesNeedless(Explanation one, Explanation other) {
    if (!thrifty) {
      return one.isAsGoodAs(other);
    }
    boolean about = one.isAboutAsGoodAs(other, treats);
    complete &= !about || one.isAsGoodAs(other);
    return about;
  }

  /** Whether nothing was dropped that might have gone further. */
  boolean isComplete() {
    return complete;
  }

  int size() {
    return size;
  }

  /** How often two were held against each other. */
  long comparisons() {
    return comparisons;
  }

  List<Explanation> all() {
    List<Explanation> all = new ArrayList<>(size);
    byState.values().forEach(row -> all.addAll(Arrays.asList(row.ways).subList(0, row.size)));
    return all;
  }

  /**
   * Those of one value. Beside them lie their bits, folded to two words: who has a bit there that
   * another has not is no part of it, which one sees without opening either.
   */
  private final class Row {
    private Explanation[] ways = new Explanation[4];
    private long[] folds = new long[8];
    private int size;

    boolean covers(Explanation one, long done, long open) {
      for (int i = 0; i < size; i++) {
        boolean maybe = ((folds[2 * i] & ~done) | (folds[2 * i + 1] & ~open)) == 0;
        if (maybe && makesNeedless(ways[i], one)) {
          comparisons += i + 1;
          return true;
        }
      }
      comparisons += size;
      return false;
    }

    void removeCovered(Explanation one, long done, long open) {
      int kept = 0;
      for (int i = 0; i < size; i++) {
        boolean maybe = ((done & ~folds[2 * i]) | (open & ~folds[2 * i + 1])) == 0;
        if (!maybe || !makesNeedless(one, ways[i])) {
          put(kept++, ways[i], folds[2 * i], folds[2 * i + 1]);
        }
      }
      comparisons += size;
      size = kept;
    }

    void add(Explanation one, long done, long open) {
      if (size == ways.length) {
        ways = Arrays.copyOf(ways, 2 * size);
        folds = Arrays.copyOf(folds, 4 * size);
      }
      put(size++, one, done, open);
    }

    /** Makes room for one that is lighter than the heaviest; false when it is not. */
    boolean dropHeavierThan(Explanation one) {
      int heaviest = 0;
      for (int i = 1; i < size; i++) {
        heaviest = ways[i].weight() > ways[heaviest].weight() ? i : heaviest;
      }
      if (ways[heaviest].weight() <= one.weight()) {
        return false;
      }
      size--;
      complete = false;
      put(heaviest, ways[size], folds[2 * size], folds[2 * size + 1]);
      return true;
    }

    private void put(int place, Explanation one, long done, long open) {
      ways[place] = one;
      folds[2 * place] = done;
      folds[2 * place + 1] = open;
    }
  }
}
