package io.balsa.sim;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** How often each {@link Mark} and each {@link Fault} was seen, and where machines died. */
final class Marks {
  private final EnumMap<Mark, Integer> marks = new EnumMap<>(Mark.class);
  private final EnumMap<Fault, Integer> faults = new EnumMap<>(Fault.class);
  private final TreeMap<String, Integer> deaths = new TreeMap<>();

  void hit(Mark mark) {
    marks.merge(mark, 1, Integer::sum);
  }

  void happened(Fault fault) {
    faults.merge(fault, 1, Integer::sum);
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
