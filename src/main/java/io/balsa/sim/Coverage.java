package io.balsa.sim;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts each {@link Mark} and each {@link Fault}, and the places where machines died. */
final class Coverage {
  private final EnumMap<Mark, Integer> marks = new EnumMap<>(Mark.class);
  private final EnumMap<Fault, Integer> faults = new EnumMap<>(Fault.class);
  private final List<String> plan = new ArrayList<>();
  private final TreeMap<String, Integer> deaths = new TreeMap<>();

  void hit(Mark mark) {
    marks.merge(mark, 1, Integer::sum);
  }

  /**
   * Counts a fault.
   *
   * @param name the kind and which of it: {@code KILL:3} for the third that was drawn
   */
  void happened(Fault fault, String name) {
    faults.merge(fault, 1, Integer::sum);
    plan.add(name);
  }

  /** The names of all faults that happened, in the order of time. */
  List<String> plan() {
    return plan;
  }

  void diedAt(CrashPoint point) {
    deaths.merge(point.title(), 1, Integer::sum);
  }

  int count(Mark mark) {
    return marks.getOrDefault(mark, 0);
  }

  Map<String, Integer> marks() {
    Map<String, Integer> byTitle = new TreeMap<>();
    marks.forEach((mark, count) -> byTitle.put(mark.title(), count));
    return byTitle;
  }

  Map<String, Integer> faults() {
    Map<String, Integer> byName = new TreeMap<>();
    faults.forEach((fault, count) -> byName.put(fault.name(), count));
    return byName;
  }

  Map<String, Integer> deaths() {
    return deaths;
  }
}
