package io.balsa.drill;

import java.util.ArrayList;
import java.util.List;

/** The times at which requests of one kind were answered. Any thread may use it. */
final class AnswerTimes {
  private final List<Long> nanos = new ArrayList<>();

  synchronized void add(long at) {
    nanos.add(at);
  }

  /** Whether a request was answered after this time. */
  synchronized boolean anyAfter(long moment) {
    return nanos.stream().anyMatch(at -> at > moment);
  }

  /**
   * The longest time without an answer in {@code [from, to]}, in nanoseconds. The times before the
   * first answer and after the last one count too.
   */
  synchronized long longestGap(long from, long to) {
    long last = from;
    long longest = 0;
    for (long each : nanos.stream().filter(at -> at > from && at < to).sorted().toList()) {
      longest = Math.max(longest, each - last);
      last = each;
    }
    return Math.max(longest, to - last);
  }

  /** The number of answers in each of {@code parts} equal parts of {@code [from, to)}. */
  synchronized int[] counts(long from, long to, int parts) {
    int[] counts = new int[parts];
    for (long each : nanos) {
      if (each >= from && each < to) {
        counts[(int) ((each - from) * parts / (to - from))]++;
      }
    }
    return counts;
  }
}
