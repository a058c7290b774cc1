package io.balsa.drill;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The result of a scenario.
 *
 * @param broken a line for each broken promise
 */
record ScenarioResult(
    DrillScenario scenario,
    List<FailureRound> rounds,
    WriteAudit audit,
    boolean hashesEqual,
    boolean linearizable,
    List<String> broken,
    Timeline timeline) {
  /**
   * Several runs of a scenario as one result. Its timeline is that of the first run that broke a
   * promise, or else of the first run.
   */
  static ScenarioResult merged(List<ScenarioResult> runs) {
    ScenarioResult shown =
        runs.stream().filter(run -> !run.held()).findFirst().orElse(runs.getFirst());
    return new ScenarioResult(
        shown.scenario,
        runs.stream().flatMap(run -> run.rounds.stream()).toList(),
        runs.stream().map(ScenarioResult::audit).reduce(WriteAudit.NOTHING, WriteAudit::plus),
        runs.stream().allMatch(ScenarioResult::hashesEqual),
        runs.stream().allMatch(ScenarioResult::linearizable),
        runs.stream().flatMap(run -> run.broken.stream()).toList(),
        shown.timeline);
  }

  boolean held() {
    return broken.isEmpty();
  }

  /** The median of a measurement over all rounds. */
  Optional<Duration> median(Function<FailureRound, Optional<Duration>> measure) {
    List<Duration> sorted =
        rounds.stream().flatMap(round -> measure.apply(round).stream()).sorted().toList();
    return sorted.isEmpty() ? Optional.empty() : Optional.of(sorted.get((sorted.size() - 1) / 2));
  }

  /** The maximum of a measurement over all rounds. */
  Optional<Duration> largest(Function<FailureRound, Optional<Duration>> measure) {
    return rounds.stream().flatMap(round -> measure.apply(round).stream()).max(Duration::compareTo);
  }
}
