package io.balsa.audit;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many refused calls without a user are recorded. Anybody can make them. Without a bound they
 * would fill the files, and the records of all others would be deleted with the oldest file. What
 * is left out is said once for each window of ten seconds.
 */
final class StrangerBound {
  /** The length of a window. */
  static final long WINDOW_NANOS = 10_000_000_000L;

  /** Records of one source in a window. */
  static final int OF_SOURCE_MAX = 20;

  /** Records of all sources in a window. */
  static final int OF_ALL_MAX = 100;

  /** Sources that are told apart in a window; further ones are one. */
  private static final int SOURCES_MAX = 1_000;

  private final LongSupplier nanos;
  private final Map<String, Integer> ofSources = new HashMap<>();
  private long begin;
  private int recorded;
  private long leftOut;

  /** No calls, with a clock that never goes back. */
  StrangerBound(LongSupplier nanos) {
    this.nanos = nanos;
    this.begin = nanos.getAsLong();
  }

  /**
   * What was not recorded in a window.
   *
   * @param source the one with the most calls
   * @param sources how many there were
   */
  record LeftOut(long calls, String source, int sources) {}

  /** Counts a call; false if it is left out. */
  synchronized boolean admits(String source) {
    String known = ofSources.size() < SOURCES_MAX || ofSources.containsKey(source) ? source : "";
    int calls = ofSources.merge(known, 1, Integer::sum);
    if (calls <= OF_SOURCE_MAX && recorded < OF_ALL_MAX) {
      recorded++;
      return true;
    }
    leftOut++;
    return false;
  }

  /**
   * Begins a new window if the present one is over.
   *
   * @param now whether the present one ends in any case
   * @return what was left out; null for nothing, or if the window goes on
   */
  synchronized @Nullable LeftOut next(boolean now) {
    long time = nanos.getAsLong();
    if (!now && time - begin < WINDOW_NANOS) {
      return null;
    }
    LeftOut out = leftOut == 0 ? null : new LeftOut(leftOut, most(), ofSources.size());
    begin = time;
    ofSources.clear();
    recorded = 0;
    leftOut = 0;
    return out;
  }

  private String most() {
    String most = "";
    int calls = 0;
    for (Map.Entry<String, Integer> each : ofSources.entrySet()) {
      if (each.getValue() > calls) {
        most = each.getKey();
        calls = each.getValue();
      }
    }
    return most;
  }
}
