package io.balsa.sim;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of a run.
 *
 * @param broken the first broken invariant, with its virtual time; null for none
 * @param events the number of events
 * @param virtualNanos the virtual time of the run
 * @param asked the number of requests of clients
 * @param acknowledged the number of acknowledged writes among them
 * @param faults the number of faults of each kind
 * @param marks the count of each {@link Mark}
 * @param deaths the number of deaths at each named place inside a step
 * @param plan the single faults in the order of time, with the names that {@code --without} takes
 * @param traceHash a hash of all events; equal for all runs of one seed, in every JVM
 */
public record SimReport(
    long seed,
    @Nullable String broken,
    long events,
    long virtualNanos,
    int asked,
    int acknowledged,
    Map<String, Integer> faults,
    Map<String, Integer> marks,
    Map<String, Integer> deaths,
    List<String> plan,
    long traceHash) {
  /** Whether all invariants held. */
  public boolean passed() {
    return broken == null;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "seed %d %s: %d events in %s, %d requests, %d writes acknowledged, faults %s, trace"
            + " %016x%s",
        seed,
        passed() ? "holds" : "BREAKS",
        events,
        Trace.seconds(virtualNanos),
        asked,
        acknowledged,
        faults,
        traceHash,
        broken == null ? "" : "\n  " + broken);
  }
}
