package io.balsa.host;

import io.balsa.bytes.Told;
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
  private static final System.Logger LOG = System.getLogger("io.balsa.host");

  private final Map<String, Told> told = new ConcurrentHashMap<>();
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
    long times = told.computeIfAbsent(lane, _ -> new Told()).happened(System.nanoTime());
    if (times > 0) {
      LOG.log(
          Level.ERROR,
          "lane {0}: a task failed, and the lane goes on: {1} ({2} times since the last such line)",
          lane,
          failure,
          times);
    }
    recover.run();
  }
}
