package io.balsa.attack;

import io.grpc.Status;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How many requests of an attack ended with each code and text. Any thread may use it. */
final class AttackOutcomes {
  /** Texts are cut to this length, because numbers in them would make each text different. */
  private static final int TEXT_MAX = 120;

  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

  void add(Status status) {
    String text = status.getDescription();
    String line = status.getCode() + (text == null ? "" : ": " + firstLine(text));
    add(line);
  }

  void add(String ending) {
    counts.computeIfAbsent(ending, _ -> new LongAdder()).increment();
  }

  private static String firstLine(String text) {
    String line = text.lines().findFirst().orElse("");
    return line.length() > TEXT_MAX ? line.substring(0, TEXT_MAX) : line;
  }

  Map<String, Long> counts() {
    Map<String, Long> sorted = new TreeMap<>();
    counts.forEach((line, count) -> sorted.put(line, count.sum()));
    return sorted;
  }
}
