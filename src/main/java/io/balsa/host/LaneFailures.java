package io.balsa.host;

import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * What becomes of a task that failed on a lane that serves clients: it is counted, it is told once
 * a minute for each lane, and the lane goes on. Only what no client's request brings about by
 * itself still ends the process, see {@link Containment}.
 */
final class LaneFailures {
  private final Map<String, RareLine> lines = new ConcurrentHashMap<>();
  private final Consumer<String> counted;

  /**
   * @param counted told the name of the lane each time
   */
  LaneFailures(Consumer<String> counted) {
    this.counted = counted;
  }

  /**
   * A task failed.
   *
   * @param recover brings what the task left half done in order
   */
  void contain(String lane, Throwable failure, Runnable recover) {
    Containment.throwIfFatal(failure);
    counted.accept(lane);
    lines.computeIfAbsent(lane, LaneFailures::line).happened(failure);
    recover.run();
  }

  private static RareLine line(String lane) {
    String words = "lane " + lane + ": a task failed, and the lane goes on";
    return new RareLine("io.balsa.host", Level.ERROR, words);
  }
}
