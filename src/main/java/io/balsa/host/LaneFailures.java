package io.balsa.host;

import io.balsa.logging.LogEvent;
import io.balsa.logging.RareLine;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Handles tasks that failed on lanes that serve clients: it counts each, logs one a minute for each
 * lane, and lets the lane go on. A failure that no client's request can cause ends the process; see
 * {@link Containment}.
 */
final class LaneFailures {
  private static final LogEvent TASK_FAILED =
      LogEvent.error(
          "io.balsa.host",
          "a task of a client failed, and the server goes on",
          "report it with its stack trace: it is a fault of Balsa");

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
    lines.computeIfAbsent(lane, _ -> new RareLine(TASK_FAILED)).failed(failure, "lane", lane);
    recover.run();
  }
}
