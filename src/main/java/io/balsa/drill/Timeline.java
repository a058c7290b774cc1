package io.balsa.drill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The events and answers of a scenario over time.
 *
 * @param length from the start of the scenario to its end
 * @param writes the number of acknowledged writes in each of equal parts of the length
 * @param reads the number of answered reads, likewise
 */
record Timeline(Duration length, List<Mark> marks, List<Integer> writes, List<Integer> reads) {
  /** An event, with its time since the start. */
  record Mark(Duration at, Kind kind, String text) {}

  /** Whether the script caused the event (DONE) or observed it (SEEN). */
  enum Kind {
    DONE,
    SEEN
  }

  /** A timeline for the HTML page, with times in milliseconds. */
  record OnPage(long millis, List<MarkOnPage> marks, List<Integer> writes, List<Integer> reads) {}

  /** An event, with its time in milliseconds since the start. */
  record MarkOnPage(long at, Kind kind, String text) {}

  OnPage onPage() {
    return new OnPage(
        length.toMillis(),
        marks.stream()
            .map(mark -> new MarkOnPage(mark.at().toMillis(), mark.kind(), mark.text()))
            .toList(),
        writes,
        reads);
  }

  /** Records the events of a running scenario. Any thread may use it. */
  static final class Recording {
    private static final int PARTS = 400;

    private final long begin = System.nanoTime();
    private final List<Mark> marks = new ArrayList<>();

    synchronized void mark(Kind kind, String text) {
      marks.add(new Mark(Duration.ofNanos(System.nanoTime() - begin), kind, text));
    }

    synchronized Timeline end(DrillLoad load) {
      long end = System.nanoTime();
      return new Timeline(
          Duration.ofNanos(end - begin),
          List.copyOf(marks),
          boxed(load.writes().counts(begin, end, PARTS)),
          boxed(load.reads().counts(begin, end, PARTS)));
    }

    private static List<Integer> boxed(int[] counts) {
      List<Integer> boxed = new ArrayList<>();
      for (int count : counts) {
        boxed.add(count);
      }
      return List.copyOf(boxed);
    }
  }
}
