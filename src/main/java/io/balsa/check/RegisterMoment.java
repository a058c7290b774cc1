package io.balsa.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What all configurations of a moment share: which operations have been called and have not
 * returned, and what each write would do to them.
 */
final class RegisterMoment {
  private final RegisterHistory history;

  /** By act, the writes that may still be done, the one that must be done first first. */
  private final Map<Integer, List<Integer>> writes = new TreeMap<>();

  private final long[] puts;
  private final long[] looks;

  /** The looks that want anything but one value; and, by value, those that want this one not. */
  private final long[] choosy;

  private final Map<Integer, long[]> unwanting = new TreeMap<>();

  /** By value, the looks that want it and the puts that write it. */
  private final Map<Integer, long[]> meaning = new TreeMap<>();

  RegisterMoment(RegisterHistory history) {
    this.history = history;
    this.puts = new long[history.words()];
    this.looks = new long[history.words()];
    this.choosy = new long[history.words()];
  }

  void called(int index) {
    RegisterAct act = history.act(index);
    if (act.writes()) {
      List<Integer> alike = writes.computeIfAbsent(history.classOf(index), _ -> new ArrayList<>());
      alike.add(index);
      alike.sort(
          Comparator.comparingLong((Integer i) -> history.operation(i).returned())
              .thenComparing(i -> i));
    }
    if (history.isCertain(index) && act.kind() != RegisterAct.Kind.SWAP) {
      await(act, history.slot(index));
    }
  }

  private void await(RegisterAct act, int slot) {
    BitRow.set(act.isPut() ? puts : looks, slot);
    if (act.isPut()) {
      BitRow.set(row(meaning, act.value()), slot);
    } else if (act.unwanted()) {
      BitRow.set(choosy, slot);
      BitRow.set(row(unwanting, act.want()), slot);
    } else {
      BitRow.set(row(meaning, act.want()), slot);
    }
  }

  private long[] row(Map<Integer, long[]> rows, int value) {
    return rows.computeIfAbsent(value, _ -> new long[history.words()]);
  }

  void returned(int index) {
    RegisterAct act = history.act(index);
    int slot = history.slot(index);
    if (act.writes()) {
      List<Integer> alike = writes.getOrDefault(history.classOf(index), new ArrayList<>());
      alike.removeIf(other -> other == index);
      if (alike.isEmpty()) {
        writes.remove(history.classOf(index));
      }
    }
    BitRow.clear(puts, slot);
    BitRow.clear(looks, slot);
    BitRow.clear(choosy, slot);
    forget(meaning, act.isPut() ? act.value() : act.want(), slot);
    forget(unwanting, act.want(), slot);
  }

  private static void forget(Map<Integer, long[]> rows, int value, int slot) {
    long[] row = rows.get(value);
    if (row != null) {
      BitRow.clear(row, slot);
      if (BitRow.isEmpty(row)) {
        rows.remove(value);
      }
    }
  }

  /** Whether an operation that was called just now is open: a look that does not fit, a write. */
  boolean isOpen(int index, int state) {
    return history.isCertain(index) && !BitRow.has(closedBy(state), history.slot(index));
  }

  /** Who is not open any more once the value is there. */
  private long[] closedBy(int value) {
    long[] closed = choosy.clone();
    long[] not = unwanting.get(value);
    long[] meant = meaning.get(value);
    for (int i = 0; i < closed.length; i++) {
      closed[i] &= not == null ? -1 : ~not[i];
      closed[i] |= meant == null ? 0 : meant[i];
    }
    return closed;
  }

  /** Writes that can be done next; of those that do the same the first that is not done. */
  List<Integer> choices(Explanation from, boolean swapsOnly) {
    List<Integer> choices = new ArrayList<>();
    for (List<Integer> alike : writes.values()) {
      RegisterAct act = history.act(alike.getFirst());
      boolean put = !swapsOnly && (act.value() != from.state || from.isAnyOpen(puts));
      if (act.isPut() ? put : act.fits(from.state)) {
        alike.stream()
            .filter(index -> !from.isDone(history.slot(index)))
            .findFirst()
            .ifPresent(choices::add);
      }
    }
    return choices;
  }

  /** A put frees every other: it may have been done just before. */
  Explanation after(Explanation from, int write, int event, boolean again) {
    RegisterAct act = history.act(write);
    long[] closed = closedBy(act.value());
    for (int i = 0; i < closed.length; i++) {
      closed[i] |= act.isPut() ? puts[i] : 0;
    }
    Explanation.Link link = new Explanation.Link(from.path, event, write);
    return again
        ? from.afterTreat(act.value(), closed, link)
        : from.after(history.slot(write), act.value(), closed, link);
  }

  /** Whether a write answers a look that was open. */
  boolean answersLook(Explanation from, int write) {
    long[] answered = closedBy(history.act(write).value());
    for (int i = 0; i < answered.length; i++) {
      answered[i] &= looks[i];
    }
    return from.isAnyOpen(answered);
  }
}
