package io.balsa.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The operations that have been called and have not returned at one point of a history, and the
 * effect of each write on them. All configurations at that point share it.
 */
final class PendingOperations {
  private final RegisterHistory history;

  /** Pending writes by class of equal actions, in the order in which they return. */
  private final Map<Integer, List<Integer>> writes = new TreeMap<>();

  private final long[] puts;
  private final long[] reads;

  /** The reads that expect any value but one; and, by value, the reads that exclude it. */
  private final long[] negatedReads;

  private final Map<Integer, long[]> readsNegating = new TreeMap<>();

  /** By value, the reads that expect it and the puts that write it. */
  private final Map<Integer, long[]> satisfiedBy = new TreeMap<>();

  PendingOperations(RegisterHistory history) {
    this.history = history;
    this.puts = new long[history.words()];
    this.reads = new long[history.words()];
    this.negatedReads = new long[history.words()];
  }

  void called(int index) {
    RegisterAction action = history.action(index);
    if (action.writes()) {
      List<Integer> alike = writes.computeIfAbsent(history.classOf(index), _ -> new ArrayList<>());
      alike.add(index);
      alike.sort(
          Comparator.comparingLong((Integer i) -> history.operation(i).returned())
              .thenComparing(i -> i));
    }
    if (history.isCertain(index) && action.kind() != RegisterAction.Kind.CAS) {
      await(action, history.slot(index));
    }
  }

  private void await(RegisterAction action, int slot) {
    BitRow.set(action.isPut() ? puts : reads, slot);
    if (action.isPut()) {
      BitRow.set(row(satisfiedBy, action.value()), slot);
    } else if (action.negated()) {
      BitRow.set(negatedReads, slot);
      BitRow.set(row(readsNegating, action.expected()), slot);
    } else {
      BitRow.set(row(satisfiedBy, action.expected()), slot);
    }
  }

  private long[] row(Map<Integer, long[]> rows, int value) {
    return rows.computeIfAbsent(value, _ -> new long[history.words()]);
  }

  void returned(int index) {
    RegisterAction action = history.action(index);
    int slot = history.slot(index);
    if (action.writes()) {
      List<Integer> alike = writes.getOrDefault(history.classOf(index), new ArrayList<>());
      alike.removeIf(other -> other == index);
      if (alike.isEmpty()) {
        writes.remove(history.classOf(index));
      }
    }
    BitRow.clear(puts, slot);
    BitRow.clear(reads, slot);
    BitRow.clear(negatedReads, slot);
    forget(satisfiedBy, action.isPut() ? action.value() : action.expected(), slot);
    forget(readsNegating, action.expected(), slot);
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

  /** Whether an operation is open when it is called: a read that does not fit, or a write. */
  boolean isOpen(int index, int state) {
    return history.isCertain(index) && !BitRow.has(closedBy(state), history.slot(index));
  }

  /** The slots that are closed once the register has a value. */
  private long[] closedBy(int value) {
    long[] closed = negatedReads.clone();
    long[] not = readsNegating.get(value);
    long[] meant = satisfiedBy.get(value);
    for (int i = 0; i < closed.length; i++) {
      closed[i] &= not == null ? -1 : ~not[i];
      closed[i] |= meant == null ? 0 : meant[i];
    }
    return closed;
  }

  /** Writes that may be linearized next; of equal ones the first that is not done. */
  List<Integer> choices(PartialLinearization from, boolean casOnly) {
    List<Integer> choices = new ArrayList<>();
    for (List<Integer> alike : writes.values()) {
      RegisterAction action = history.action(alike.getFirst());
      boolean put = !casOnly && (action.value() != from.state || from.isAnyOpen(puts));
      if (action.isPut() ? put : action.fits(from.state)) {
        alike.stream()
            .filter(index -> !from.isDone(history.slot(index)))
            .findFirst()
            .ifPresent(choices::add);
      }
    }
    return choices;
  }

  /** A put frees all other pending puts: they may have been linearized just before it. */
  PartialLinearization after(PartialLinearization from, int write, int event, boolean again) {
    RegisterAction action = history.action(write);
    long[] closed = closedBy(action.value());
    for (int i = 0; i < closed.length; i++) {
      closed[i] |= action.isPut() ? puts[i] : 0;
    }
    PartialLinearization.Link link = new PartialLinearization.Link(from.path, event, write);
    return again
        ? from.afterOptional(action.value(), closed, link)
        : from.after(history.slot(write), action.value(), closed, link);
  }

  /** Whether a write leaves the value that an open read expects. */
  boolean answersRead(PartialLinearization from, int write) {
    long[] answered = closedBy(history.action(write).value());
    for (int i = 0; i < answered.length; i++) {
      answered[i] &= reads[i];
    }
    return from.isAnyOpen(answered);
  }
}
