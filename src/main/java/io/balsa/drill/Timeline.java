package io.balsa.drill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A scenario over time.
 *
 * @param length from its beginning to its end
 * @param marks what happened
 * @param writes acknowledged writes in each of equal parts of the length
 * @param reads answered reads, likewise
 */
record Timeline(Duration length, List<Mark> marks, List<Integer> writes, List<Integer> reads) {
  /** Something happened. */
  record Mark(Duration at, Kind kind, String text) {}

  /** Whether we did it or the servers did. */
  enum Kind {
    DONE,
    SEEN
  }

  /** The same with times in milliseconds, as the HTML page reads it. */
  record OnPage(long millis, List<MarkOnPage> marks, List<Integer> writes, List<Integer> reads) {}

  /** A mark with its time in milliseconds. */
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

  /** Takes marks while a scenario runs; from any thread. */
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
