package io.balsa.sim;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a seed's run came to.
 *
 * @param broken what did not hold, with its virtual time; null when all did
 * @param events how many events happened
 * @param virtualNanos how much time passed in the world
 * @param asked how many requests clients made
 * @param acknowledged how many of them changed something and were answered
 * @param faults how often each kind of fault happened
 * @param marks how often servers did what is rare, or worth counting
 * @param deaths how often a machine died at each named place inside a step
 * @param plan the single faults that happened, in the order of time, as {@code --without} takes
 *     them
 * @param traceHash equal for two runs of the same seed, anywhere
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
  /** Whether everything held. */
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
