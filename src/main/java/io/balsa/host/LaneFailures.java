package io.balsa.host;

import io.balsa.logging.RareLine;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Handles tasks that failed on lanes that serve clients: it counts each, logs one a minute for each
 * lane, and lets the lane go on. A failure that no client's request can cause ends the process; see
 * {@link Containment}.
 */
final class LaneFailures {
  private final Map<String, RareLine> lines = new ConcurrentHashMap<>();
  private final Consumer<String> counted;

  /**
   * @param counted gets the name of the lane each time
   */
  LaneFailures(Consumer<String> counted) {
    this.counted = counted;
  }

  /**
   * A task failed.
   *
   * @param recover repairs the half-done work of the task
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
